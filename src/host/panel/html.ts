import { randomBytes } from 'node:crypto';
import { env, type Uri, type Webview } from 'vscode';

/** The page of a panel. It runs our one script and nothing else, and takes everything it shows from messages. */
export function panelHtml(webview: Webview, script: Uri, style: Uri, title: string): string {
  const nonce = randomBytes(16).toString('base64url');
  // base-uri and form-action do not follow default-src.
  const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'";
  const policy = `${nothing}; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${webview.asWebviewUri(style)}">
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${webview.asWebviewUri(script)}"></script>
</body>
</html>`;
}
