/** What a workbench leaves behind: on the disk, and in the browser that shows it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Folders } from '../../scripts/workbench/folders.ts';

export interface Stored {
  /** The file, or the database and key. */
  place: string;
  text: string;
}

/** Files in the folders of the user and of the home, and in the temporary one; the workspace and the extensions are not. */
export function filesOf({ user, home, temporary }: Folders): Stored[] {
  return [user, home, temporary].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const place = path.join(entry.parentPath, entry.name);
        return { place, text: readFileSync(place, 'utf8') };
      }),
  );
}

/** All that the page's origin has stored: databases, and what is local to the origin and to the session. */
export function browserStorage(page: Page): Promise<Stored[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const asText = (value: unknown) =>
      value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder().decode(value as ArrayBuffer)
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);
    const stored: { place: string; text: string }[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
        for (const [index, value] of values.entries())
          stored.push({ place: `${name}/${store}/${keys[index]}`, text: asText(value) });
      }
      database.close();
    }
    for (const [name, storage] of Object.entries({ localStorage, sessionStorage }))
      for (const [key, text] of Object.entries(storage)) stored.push({ place: `${name}/${key}`, text });
    return stored;
  });
}
