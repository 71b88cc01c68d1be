// The app's page asks whether this window is there, and then hands over what is to be shared.
addEventListener("message", (e) => {
  if (!opener || e.source !== opener || !e.data) return;
  if (e.data.name === "healthcheck") opener.postMessage({ name: "receivedHealthcheck" }, e.origin);
  if (e.data.name === "ready") document.forms[0].messages.value = JSON.stringify(e.data.body.messages);
});
