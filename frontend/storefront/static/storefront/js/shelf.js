// What this device keeps: lists entered without a connection, and the names of products. Never a price, never a person.
const NAME = "jiumai-pad";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("lists", { keyPath: "id" });
      request.result.createObjectStore("goods", { keyPath: "code" });
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
