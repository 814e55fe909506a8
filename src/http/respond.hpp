#pragma once

#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/reply.hpp"

#include <boost/asio/awaitable.hpp>

namespace chartsight {

/// What a session does after an answer.
enum class Next { read_on, close };

/// Writes the answer and the request's log line. If the request's body has not been read, the connection
/// closes after a while of reading and dropping: closing at once would reset it and take the answer away from
/// a client that is still sending.
net::awaitable<Next> respond(Connection& connection, Exchange& exchange, Reply reply);

/// respond() with a problem.
net::awaitable<Next> respond_with(Connection& connection, Exchange& exchange, Error error);

/// Writes `100 Continue`; false if the client is gone.
net::awaitable<bool> write_continue(Connection& connection);

}  // namespace chartsight
