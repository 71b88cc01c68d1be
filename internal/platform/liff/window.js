// A window of the platform's own that the SDK opened: the app's page says who asks, and hears what came of it.
const form = document.forms[0];
let home;
const tell = (status, result) => opener.postMessage({ status, result: JSON.stringify(result) }, home);
const ask = async (answer) => {
  form.answer.value = answer;
  const said = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const body = await said.json();
  return said.ok ? body : { [form.dataset.error]: body.message, text: body.message };
};
addEventListener("message", async ({ data, origin, source }) => {
  if (!opener || source !== opener || !data) return;
  if (data.type === "healthCheck" && !home) {
    home = origin;
    form.asked.value = data.message ?? "";
    opener.postMessage({ status: "healthCheck" }, home);
    if (!form.code) document.getElementById("words").textContent = (await ask("look")).text;
    form.hidden = false;
  } else if (origin === home && (data.type === "submit" || data.type === "cancel")) close();
});
form.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (e.submitter.value === "cancel") tell("cancel", {});
  else tell("submit", form.code ? { message: form.code.value } : await ask("allow"));
});
