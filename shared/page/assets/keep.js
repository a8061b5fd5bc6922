// What is kept on this device, in IndexedDB: drafts ("draft-<kind>") and forms that wait to be sent ("waiting-<key>").
// Nothing is kept for longer than DAYS days. Where a browser keeps nothing, these reject, and the form does without.
export const DAYS = 7;

const TABLE = 'kept';
let opened;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open('immerse', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(mode, work) {
  const table = (await open()).transaction(TABLE, mode).objectStore(TABLE);
  const asked = work(table);
  return new Promise((resolve, reject) => {
    table.transaction.oncomplete = () => resolve(asked.result);
    table.transaction.onerror = table.transaction.onabort = () => reject(table.transaction.error);
  });
}

export const read = (key) => run('readonly', (table) => table.get(key));
export const write = (key, value) => run('readwrite', (table) => table.put({ ...value, at: Date.now() }, key));
export const remove = (key) => run('readwrite', (table) => table.delete(key));
export const wipe = () => run('readwrite', (table) => table.clear());

// all gives what is kept, by key; what is too old goes.
export async function all() {
  const keys = await run('readonly', (table) => table.getAllKeys());
  const found = new Map();
  for (const key of keys) {
    const value = await read(key);
    if (value && value.at > Date.now() - DAYS * 86400e3) found.set(key, value);
    else await remove(key);
  }
  return found;
}
