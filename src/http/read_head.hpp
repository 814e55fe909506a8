#pragma once

#include "http/connection.hpp"
#include "http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

namespace chartsight {

/// How reading a request's header ended.
struct HeadResult {
    enum Kind { complete, closed, faulty };
    HeadResult(Kind how) : kind(how) {}
    HeadResult(Error fault) : kind(faulty), error(std::move(fault)) {}

    Kind kind;
    Error error;  ///< for `faulty`: what to answer before closing
};

/// Reads the next header into `exchange.parser` and checks what HTTP demands of it. All bytes stay in the
/// connection's buffer, so that the request can still be handed over to another worker as it came.
/// `closed`: the client left, was idle for too long, or the server drains.
net::awaitable<HeadResult> read_head(Connection& connection, Exchange& exchange);

}  // namespace chartsight
