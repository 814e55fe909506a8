#pragma once

#include "chartsight/base/deadline.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

namespace chartsight {

/// Reads the body of an admitted request into the exchange's parser, its one buffer, and frees the
/// connection's. `Errc::client_gone`, `request_timeout`, `payload_too_large` (a chunked body that grew too
/// large) or `bad_request` (a broken chunk).
net::awaitable<Result<void>> read_body(Connection& connection, Exchange& exchange, Deadline deadline);

}  // namespace chartsight
