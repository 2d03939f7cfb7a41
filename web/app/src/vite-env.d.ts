/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module "virtual:map-worker" {
  /** Address of the built worker of the map library. */
  const address: string;
  export default address;
}

/** Of the page itself (`web/static/web/js/newer.js`), where that has come: whether a newer application stands on the server, which it then tells. */
declare var askNewer: ((reason: unknown) => Promise<boolean>) | undefined;
