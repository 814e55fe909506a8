#pragma once

#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/target.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace chartsight {

/// `POST /v1/analyses`, from the header on: admit → read body → read upload → analyze → respond.
/// `claim` is the place that came with a request handed over by another worker. True if the connection stays
/// open for another request.
net::awaitable<bool> serve_analysis(std::shared_ptr<Connection> connection, Exchange& exchange, Target target,
                                    std::optional<PlaceClaim> claim);

}  // namespace chartsight
