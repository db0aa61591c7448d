import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { generation, piece } from './fakeEngine.ts';
import { closeAll, makeParts, openText, type Parts, replace, select } from './parts.ts';

describe('Generate', () => {
  let parts: Parts;
  beforeEach(() => {
    parts = makeParts();
  });
  afterEach(async () => {
    parts.dispose();
    await closeAll();
  });

  async function begin() {
    const run = parts.generator.generate();
    await until(() => parts.engine.generated.length > 0);
    const request = parts.engine.generated[0]!;
    const stream = (text: string) =>
      request.options.onProgress?.({ stage: 'generating', done: 1, total: 8, partial: piece(text) });
    return { run, request, stream };
  }

  async function until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 2000 && !condition(); i++) await sleep(10);
    assert.ok(condition());
  }

  it('streams behind the cursor, as one undo step', async () => {
    const editor = await openText('Once upon');
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    const { run, request, stream } = await begin();
    assert.equal(request.params.text, 'Once upon');
    for (const text of [' a', ' time', '', ',\n', 'there']) stream(text);
    await until(() => editor.document.getText() === 'Once upon a time,\n');
    for (const text of [' was', ' one']) stream(text);
    request.resolve(generation);
    await run;
    assert.equal(editor.document.getText(), 'Once upon a time,\nthere was one');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'Once upon');
    await vscode.commands.executeCommand('redo');
    assert.equal(editor.document.getText(), 'Once upon a time,\nthere was one');
  });

  it('keeps what is typed afterwards out of its undo step', async () => {
    const editor = await openText('Once');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const { run, request, stream } = await begin();
    stream(' upon');
    request.resolve(generation);
    await run;
    await vscode.commands.executeCommand('type', { text: '!' });
    assert.equal(editor.document.getText(), 'Once upon!');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'Once upon');
  });

  it('goes on behind a selection and leaves it standing', async () => {
    const editor = await openText('Once upon a time');
    select(editor, 'upon');
    const { run, request, stream } = await begin();
    assert.equal(request.params.text, 'Once upon');
    stream(' midnight');
    request.resolve(generation);
    await run;
    assert.equal(editor.document.getText(), 'Once upon midnight a time');
  });

  it('writes the document’s own ends of line', async () => {
    const editor = await openText('a');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    editor.selection = new vscode.Selection(0, 1, 0, 1);
    const { run, request, stream } = await begin();
    for (const text of ['\n', 'b', '\n', 'c']) stream(text);
    request.resolve(generation);
    await run;
    assert.equal(editor.document.getText(), 'a\r\nb\r\nc');
  });

  it('stops when somebody types meanwhile, and loses nothing', async () => {
    const editor = await openText('Once');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const { run, request, stream } = await begin();
    for (const text of [' upon', ' a', ' time']) stream(text);
    await until(() => editor.document.getText() === 'Once upon a');
    await replace(editor, 0, 0, '# ');
    stream(' there');
    assert.equal(request.options.cancellation?.isCancellationRequested, true);
    await run;
    assert.equal(editor.document.getText(), '# Once upon a');
    assert.match(parts.notes[0]!, /changed meanwhile/);
  });

  it('keeps what has come when it is cancelled', async () => {
    const editor = await openText('Once');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const { run, stream } = await begin();
    for (const text of [' upon', ' a', ' time']) stream(text);
    parts.activity.cancel();
    await run;
    assert.equal(editor.document.getText(), 'Once upon a time');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'Once');
  });

  it('stops when its editor is hidden, and what was written stays', async () => {
    const editor = await openText('Once');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const { run, request, stream } = await begin();
    for (const text of [' upon', ' a']) stream(text);
    await until(() => editor.document.getText() === 'Once upon');
    await openText('another text');
    for (let i = 0; i < 1000 && !request.options.cancellation?.isCancellationRequested; i++) {
      stream(' time');
      await sleep(20);
    }
    await run;
    assert.match(parts.notes[0]!, /closed or hidden/);
    assert.ok(editor.document.getText().startsWith('Once upon'));
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'another text');
  });

  it('says so when the window itself made the editor read-only', async () => {
    const file = vscode.Uri.file(path.join(await mkdtemp(path.join(tmpdir(), 'whytoken-')), 'a.txt'));
    await writeFile(file.fsPath, 'Once');
    const editor = await vscode.window.showTextDocument(file);
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    const { run, request, stream } = await begin();
    for (const text of [' upon', ' a']) stream(text);
    await until(() => request.options.cancellation?.isCancellationRequested === true);
    await run;
    assert.match(parts.notes[0]!, /read-only/);
    assert.equal(editor.document.getText(), 'Once');
  });

  it('refuses a read-only document with a plain sentence', async () => {
    const provider = new ReadOnlyFiles();
    const scheme = 'whytoken-read-only';
    const registration = vscode.workspace.registerFileSystemProvider(scheme, provider, { isReadonly: true });
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`${scheme}:/a.txt`));
      await vscode.window.showTextDocument(document);
      await parts.generator.generate();
      assert.match(parts.notes[0]!, /read-only/);
      assert.equal(parts.engine.generated.length, 0);
    } finally {
      await closeAll();
      registration.dispose();
    }
  });
});

class ReadOnlyFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 4 };
  }

  readFile(): Uint8Array {
    return new TextEncoder().encode('text');
  }

  readDirectory(): never {
    throw vscode.FileSystemError.Unavailable();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
}
