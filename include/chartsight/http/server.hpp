#pragma once

#include "chartsight/analysis/admission.hpp"
#include "chartsight/analysis/analyzer.hpp"
#include "chartsight/concurrency/blocking_pool.hpp"
#include "chartsight/http/handover_channel.hpp"
#include "chartsight/http/options.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace chartsight {

/// What a server works with. All outlive it.
struct ServerParts {
    const HttpOptions& options;
    AdmissionController& admission;
    AdmissionBoard& board;
    Analyzer& analyzer;
    BlockingPool& calls;
    const HandoverChannel& handover;
    std::atomic<std::uint64_t>& request_numbers;  ///< shared by all workers
};

/// The HTTP server of one worker. Not thread-safe: used on its io_context.
class Server {
public:
    /// Takes over this process's descriptor of the listening socket that all workers share: the drain must
    /// close the last one.
    Server(net::io_context& io, int listening_socket, const ServerParts& parts);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();

    /// Takes what the kernel has already accepted, stops listening, closes idle connections, and calls
    /// `on_drained` once all requests are answered.
    void drain(std::function<void()> on_drained);

    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chartsight
