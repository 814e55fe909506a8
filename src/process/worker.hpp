#pragma once

#include "chartsight/analysis/admission.hpp"
#include "chartsight/analysis/analyzer.hpp"
#include "chartsight/concurrency/blocking_pool.hpp"
#include "chartsight/concurrency/cpu_gate.hpp"
#include "chartsight/config/config.hpp"
#include "chartsight/http/server.hpp"
#include "chartsight/upstream/gemini_client.hpp"
#include "process/shared_state.hpp"
#include "process/wake_set.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace chartsight {

/// What a worker inherits from the supervisor.
struct Inheritance {
    SharedState& shared;
    const HandoverChannel& handover;
    const WakeSet& wakes;
    int listening_socket;
    int lifeline;  ///< end of a pipe that closes when the supervisor dies
};

/// One worker process: owns and wires everything of it. Members are made in reading order, and destroyed in
/// the reverse one: the pools join before what their jobs use goes away.
class Worker {
public:
    Worker(const Config& config, const Inheritance& inheritance, std::size_t index);

    /// Serves until drained: by SIGTERM, or because the supervisor is gone.
    void run();

private:
    void watch_signals();
    void watch_supervisor();
    void watch_wakes();
    void tick();
    void trim_memory_when_idle();
    void drain(const char* reason);

    const Config& config_;
    WorkerSlot& slot_;
    AdmissionBoard& board_;
    std::size_t index_;
    net::io_context io_;
    std::unique_ptr<HttpTransport> transport_;
    BlockingPool calls_;
    CpuGate gate_;
    BlockingPool cpu_;
    GeminiClient gemini_;
    Analyzer analyzer_;
    AdmissionController admission_;
    Server server_;
    net::signal_set signals_;
    net::posix::stream_descriptor lifeline_;
    net::posix::stream_descriptor wake_;
    net::steady_timer tick_;
    net::steady_timer drain_timeout_;
    std::uint64_t served_at_last_tick_{0};
    bool trimmed_{true};
};

}  // namespace chartsight
