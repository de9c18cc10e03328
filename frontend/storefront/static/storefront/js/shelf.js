// What this device keeps: lists entered without a connection, the names of products, and one seat's pad as last seen. Its
// prices are wiped when the seat signs out, when another one signs in and when the portal asks who is there.
const NAME = "jiumai-pad";
const STORES = { lists: "id", goods: "code", pads: "seat" };

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = () => {
      const base = request.result;
      for (const [name, keyPath] of Object.entries(STORES)) if (!base.objectStoreNames.contains(name)) base.createObjectStore(name, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inside(store, mode, act) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const work = base.transaction(store, mode);
      const request = act(work.objectStore(store));
      work.oncomplete = () => resolve(request?.result);
      work.onerror = () => reject(work.error);
      work.onabort = () => reject(work.error);
    });
  } finally {
    base.close();
  }
}

export const all = (store) => inside(store, "readonly", (found) => found.getAll());
export const put = (store, row) => inside(store, "readwrite", (found) => found.put(row));
export const drop = (store, id) => inside(store, "readwrite", (found) => found.delete(id));

/** Let the store hold exactly these rows. */
export const fill = (store, rows) =>
  inside(store, "readwrite", (found) => {
    found.clear();
    for (const row of rows) found.put(row);
  });
