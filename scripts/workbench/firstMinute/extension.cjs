/** What a person would do first, done for them. An extension, because only one can run commands when VS Code starts. */
const { commands } = require('vscode');

exports.activate = async () => {
  // The sample and the walkthrough share what room there is.
  await commands.executeCommand('workbench.action.closeSidebar');
  await commands.executeCommand('whytoken.trySample', 'capital');
  await commands.executeCommand('whytoken.getStarted', true);
};
