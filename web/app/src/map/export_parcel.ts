// One parcel as a file in the metres of the city's own system, made by the planner's query.
import { ask } from "../api/client";
import { readFault } from "../api/fault";

export const EXPORT_FORMS = ["dxf", "csv", "gpkg"] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

export interface Wish { city: string; key: string; on: string; system: string; form: ExportForm }

/** Fetches the file and hands it to the browser to keep. Throws a Fault when it is not made. */
export async function saveParcel({ city, key, on, system, form }: Wish): Promise<void> {
  const body = { city, layer: "parcels", filter: `key = '${key.replaceAll("'", "''")}'`, on, format: form, crs: system };
  const answer = await ask("POST", "/api/v1/query", { body: JSON.stringify(body), headers: { Accept: "*/*" } });
  if (!answer.ok) throw await readFault(answer);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${key}.${form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
