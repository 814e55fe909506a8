#include "process/supervisor.hpp"

#include "chartsight/base/log.hpp"
#include "chartsight/process/supervisor.hpp"
#include "process/worker_main.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>

namespace chartsight {

namespace {

// After DRAIN_TIMEOUT the workers leave by themselves; one that does not is stuck.
constexpr std::chrono::seconds kKillGrace{5};
constexpr std::chrono::milliseconds kDevQuiet{200};

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::size_t cpu_places(const Config& config) {
    return config.process.cpu_jobs > 0 ? config.process.cpu_jobs
                                       : std::max(1u, std::thread::hardware_concurrency());
}

std::vector<std::string> files_to_watch(const Config& config) {
    std::vector<std::string> files = config.process.watched_files;
    files.push_back(program_path());
    return files;
}

std::string describe(int wait_status) {
    if (WIFSIGNALED(wait_status)) return fmt::format("signal {}", WTERMSIG(wait_status));
    return fmt::format("exit code {}", WEXITSTATUS(wait_status));
}

}  // namespace

Supervisor::Supervisor(const Config& config, const std::vector<std::string>& arguments)
    : config_(config),
      arguments_(arguments),
      listening_(config.process.host, config.process.port),
      shared_(config.process.workers, config.limit_concurrency, config.queue_limit, cpu_places(config),
              first_request_number()),
      handover_(config.process.workers),
      wakes_(config.process.workers),
      children_(config.process.workers) {
    if (config.process.dev) dev_watch_.emplace(files_to_watch(config));
    if (::pipe2(lifeline_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    const sigset_t set = supervisor_signals();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Supervisor::~Supervisor() {
    ::close(lifeline_[0]);
    ::close(lifeline_[1]);
    ::close(signals_);
}

int Supervisor::run() {
    log::info("", "Listening on " + listening_.url(),
              {{"workers", std::to_string(config_.process.workers)},
               {"limit_concurrency", std::to_string(config_.limit_concurrency)},
               {"queue_limit", std::to_string(config_.queue_limit)},
               {"threads", std::to_string(config_.process.threads)},
               {"model", config_.http.default_model}});
    // All at once, so that the first one to run knows of the others.
    for (std::size_t i = 0; i < children_.size(); ++i) shared_->board.begin_start(i);
    for (Child& child : children_) child.start_at = Clock::now();
    while (!draining_ || any_running()) {
        start_due_workers();
        std::array<pollfd, 2> events{pollfd{signals_, POLLIN, 0},
                                     pollfd{dev_watch_ ? dev_watch_->descriptor() : -1, POLLIN, 0}};
        ::poll(events.data(), events.size(), wait_milliseconds());
        handle_signals();
        reap();
        if (dev_watch_ && !draining_ && (events[1].revents & POLLIN) != 0) restart_program();
        if (Clock::now() >= kill_at_) {
            log::warn("", "Workers did not leave in time; killing them");
            signal_workers(SIGKILL);
            kill_at_ = Clock::time_point::max();
        }
    }
    if (restart_after_drain_) {
        listening_.pass_on();
        const sigset_t set = supervisor_signals();
        ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
        execute_again(arguments_);
        log::error("", "Cannot restart", {{"program", program_path()}, {"reason", std::strerror(errno)}});
        return 1;
    }
    log::info("", "Stopped", {{"exit_code", std::to_string(exit_code_)}});
    return exit_code_;
}

void Supervisor::start_worker(std::size_t index) {
    Child& child = children_[index];
    child.start_at = Clock::time_point::max();
    child.started = Clock::now();
    shared_->board.begin_start(index);
    const pid_t pid = ::fork();
    if (pid < 0) {
        log::error("", "Cannot fork", {{"reason", std::strerror(errno)}});
        child.start_at = Clock::now() + std::chrono::seconds(1);
        return;
    }
    if (pid == 0) {
        ::close(lifeline_[1]);
        ::close(signals_);
        worker_main(config_, Inheritance{*shared_, handover_, wakes_, listening_.descriptor(), lifeline_[0]},
                    index);
    }
    child.pid = pid;
}

void Supervisor::start_due_workers() {
    if (draining_) return;
    for (std::size_t i = 0; i < children_.size(); ++i) {
        if (children_[i].pid == 0 && children_[i].start_at <= Clock::now()) start_worker(i);
    }
}

void Supervisor::handle_signals() {
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == sizeof info) {
        const int signal = static_cast<int>(info.ssi_signo);
        if (signal == SIGCHLD) continue;
        if (draining_ && !restart_after_drain_) {
            quit_at_once(signal);
        } else {
            restart_after_drain_ = false;
            log::info("", "Draining", {{"signal", std::to_string(signal)}});
            begin_drain(0);
        }
    }
}

void Supervisor::reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        for (std::size_t i = 0; i < children_.size(); ++i) {
            if (children_[i].pid == pid) worker_ended(i, status);
        }
    }
}

void Supervisor::worker_ended(std::size_t index, int wait_status) {
    Child& child = children_[index];
    child.pid = 0;
    shared_->board.clear(index);
    CpuGate::forget(shared_->cpu_gate, static_cast<std::uint32_t>(index));
    wakes_.wake_all();  // its places are gone, or free: the others look again whose turn it is
    if (draining_) return;

    const RestartDecision decision = child.policy.on_exit(wait_status, Clock::now() - child.started);
    if (decision.give_up) {
        log::error("", "A worker found its configuration faulty; stopping",
                   {{"worker", std::to_string(index)}});
        begin_drain(RestartPolicy::kConfigFault);
        return;
    }
    log::error("", "Worker ended",
               {{"worker", std::to_string(index)},
                {"reason", describe(wait_status)},
                {"restart_in_ms", std::to_string(decision.delay.count())}});
    ++shared_->board.slots[index].restarts;
    child.start_at = Clock::now() + decision.delay;
}

void Supervisor::begin_drain(int exit_code) {
    exit_code_ = exit_code;
    if (!restart_after_drain_) listening_.close();
    draining_ = true;
    kill_at_ = Clock::now() + config_.process.drain_timeout + kKillGrace;
    signal_workers(SIGTERM);
}

void Supervisor::quit_at_once(int signal) {
    log::warn("", "Second signal: quitting at once", {{"signal", std::to_string(signal)}});
    signal_workers(SIGKILL);
    exit_code_ = 128 + signal;
}

void Supervisor::restart_program() {
    std::string changed = dev_watch_->changed_file();
    // A linker writes in many steps: go on once it is quiet.
    pollfd event{dev_watch_->descriptor(), POLLIN, 0};
    while (::poll(&event, 1, static_cast<int>(kDevQuiet.count())) > 0) {
        const std::string also = dev_watch_->changed_file();
        if (changed.empty()) changed = also;
    }
    if (changed.empty()) return;
    if (!would_start(arguments_)) {
        log::warn("", "Changed, but would not start; going on as before", {{"file", changed}});
        return;
    }
    log::info("", "Changed; restarting", {{"file", changed}});
    restart_after_drain_ = true;
    begin_drain(0);
}

void Supervisor::signal_workers(int signal) const {
    for (const Child& child : children_) {
        if (child.pid > 0) ::kill(child.pid, signal);
    }
}

bool Supervisor::any_running() const {
    return std::ranges::any_of(children_, [](const Child& child) { return child.pid > 0; });
}

int Supervisor::wait_milliseconds() const {
    Clock::time_point next = kill_at_;
    for (const Child& child : children_) {
        if (!draining_ && child.pid == 0) next = std::min(next, child.start_at);
    }
    if (next == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

int run_supervisor(const Config& config, const std::vector<std::string>& arguments) {
    (void)program_path();  // while it is still the file that was started
    log::setup(config.log, -1);
    raise_descriptor_limit();
    try {
        Supervisor supervisor(config, arguments);
        return supervisor.run();
    } catch (const std::exception& e) {
        log::error("", "Cannot start", {{"reason", e.what()}});
        return RestartPolicy::kConfigFault;
    }
}

}  // namespace chartsight
