// Loaded into the server before its own code: when the process that started it is gone, however it went, its end of standard
// input closes, and the server's whole process group ends too.
if (/server-main\.js$/.test(process.argv[1] ?? '')) {
  process.stdin.on('end', () => process.kill(-process.pid, 'SIGKILL'));
  process.stdin.resume();
}
