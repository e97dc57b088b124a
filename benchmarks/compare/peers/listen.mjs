// SPDX-License-Identifier: Apache-2.0
// What the peers written for Node have in common: a port of 127.0.0.1 as the argument, one line once they listen.

export const HOST = '127.0.0.1';
export const port = Number(process.argv[2] ?? 0);

export const says = (server) => {
  console.log(`listening ${server.address().port}`);
  process.once('SIGTERM', () => process.exit(0));
};

// The queue of connections that wait to be accepted is as long as Parley's, so that a storm is a storm for all.
export const listen = (server) => server.listen({ port, host: HOST, backlog: 4096 }, () => says(server));
