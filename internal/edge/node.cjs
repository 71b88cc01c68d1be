// Loaded into Node by NODE_OPTIONS: Node's own fetch takes no proxy from the
// environment, so connections to the platform's hosts are led to the server here.
// Everything else about them, the host name of TLS included, stays as it was.
const tls = require("node:tls");
const hosts = new Set((process.env.KAIWA_HOSTS || "").split(","));
const [host, port] = (process.env.KAIWA_EDGE || "").split(/:(?=\d+$)/);
const connect = tls.connect;
tls.connect = function (...args) {
  const options = args.find((a) => a && typeof a === "object");
  if (port && options && !options.socket && hosts.has(options.host)) {
    const servername = options.servername || options.host;
    args[args.indexOf(options)] = { ...options, host, port: Number(port), servername, path: undefined };
  }
  return connect.apply(this, args);
};
