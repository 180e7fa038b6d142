-- Sends the octets of a file as they are, and prints what came of it as one line of JSON.
--
--     wrk … -s wrk.lua <url> -- <file with one request, or with as many as are to be pipelined>
--
-- `wrk.format` is asked once: the request stays static, so that the script costs the load generator nothing.

function init(arguments)
  local file = assert(io.open(arguments[1], 'rb'))
  local octets = file:read('*a')
  file:close()
  wrk.format = function() return octets end
end

function done(summary, latency)
  local errors = summary.errors
  local report = '{"requests":%d,"octets":%d,"microseconds":%d,"p50":%d,"p99":%d,'
    .. '"errors":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}}\n'
  io.write(report:format(summary.requests, summary.bytes, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
