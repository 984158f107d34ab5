// The Solidity compiler as a daemon: standard JSON in, standard JSON out, one object a line.
//
// Nothing is read from the disk for a source: without a callback an import finds only the sources
// that came with it. After an exception the compiler's memory cannot be trusted, so we end; the
// host starts another.
'use strict';

const { getHeapStatistics } = require('v8');
const solc = require('/solc/soljson.js');
const compile = solc.cwrap('solidity_compile', 'string', ['string', 'number', 'number']);
const reset = solc.cwrap('solidity_reset', null, []);
const version = solc.cwrap('solidity_version', 'string', []);

const answer = (object) => process.stdout.write(JSON.stringify(object) + '\n');

answer({ version: version(), node: process.version });
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  try {
    const output = compile(line, 0, 0);
    reset();
    process.stdout.write(`{"bytes":${getHeapStatistics().external_memory},"output":${output.trim()}}\n`);
  } catch (error) {
    answer({ exception: String(error.message).slice(0, 200) });
    process.exitCode = 1;
    process.stdin.destroy();
  }
});
