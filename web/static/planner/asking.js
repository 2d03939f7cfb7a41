// Talks to the interface: questions as JSON, files as downloads. Faults become sentences with their cure.
function headers(language) {
  const token = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.split("=")[1] ?? "";
  return { "Content-Type": "application/json", Accept: "application/json, */*", "X-CSRFToken": token, "Accept-Language": language };
}

async function send(question, language) {
  const answer = await fetch("/api/v1/query", { method: "POST", headers: headers(language), body: JSON.stringify(question) });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  const [fault] = told.errors ?? [];
  throw new Error(fault ? [fault.message, fault.value && `(${fault.value})`, fault.cure].filter(Boolean).join(" ") : told.title || `${answer.status}`);
}

export async function askFor(question, language) {
  return (await send(question, language)).json();
}

export async function fetchFile(question, language) {
  const answer = await send(question, language);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return answer.headers.get("X-Notes") ?? "";
}
