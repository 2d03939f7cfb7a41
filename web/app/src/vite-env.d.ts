/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module "virtual:map-worker" {
  /** Address of the built worker of the map library. */
  const address: string;
  export default address;
}
