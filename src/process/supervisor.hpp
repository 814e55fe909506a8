#pragma once

#include "chartsight/concurrency/shared_region.hpp"
#include "chartsight/config/config.hpp"
#include "chartsight/http/handover_channel.hpp"
#include "chartsight/process/restart_policy.hpp"
#include "process/dev_watch.hpp"
#include "process/listening_socket.hpp"
#include "process/shared_state.hpp"
#include "process/wake_set.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace chartsight {

class Supervisor {
public:
    Supervisor(const Config& config, const std::vector<std::string>& arguments);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    int run();

private:
    struct Child {
        pid_t pid{0};  ///< 0: not running
        Clock::time_point started;
        Clock::time_point start_at{Clock::time_point::max()};  ///< when to start it, if not running
        RestartPolicy policy;
    };

    void start_worker(std::size_t index);
    void start_due_workers();
    void handle_signals();
    void reap();
    void worker_ended(std::size_t index, int wait_status);
    void begin_drain(int exit_code);
    void quit_at_once(int signal);
    void restart_program();
    void signal_workers(int signal) const;
    [[nodiscard]] bool any_running() const;
    [[nodiscard]] int wait_milliseconds() const;

    const Config& config_;
    const std::vector<std::string>& arguments_;
    ListeningSocket listening_;
    Shared<SharedState> shared_;
    HandoverChannel handover_;
    WakeSet wakes_;
    std::vector<Child> children_;
    std::optional<DevWatch> dev_watch_;
    int lifeline_[2]{-1, -1};
    int signals_{-1};
    bool draining_{false};
    bool restart_after_drain_{false};
    int exit_code_{0};
    Clock::time_point kill_at_{Clock::time_point::max()};
};

}  // namespace chartsight
