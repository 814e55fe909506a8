#pragma once

#include "chartsight/analysis/admission.hpp"
#include "chartsight/base/log.hpp"
#include "chartsight/http/options.hpp"
#include "chartsight/image/image.hpp"
#include "chartsight/upstream/gemini_client.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace chartsight {

/// What the supervisor needs.
struct ProcessOptions {
    std::string host{"0.0.0.0"};
    std::uint16_t port{8000};  ///< 0: the system chooses
    std::uint32_t workers{4};
    std::uint32_t threads{50};  ///< per worker, for calls that block
    std::uint32_t cpu_jobs{0};  ///< decodes at once over all workers; 0: one per core
    std::chrono::milliseconds drain_timeout{30'000};
    bool dev{false};
    std::vector<std::string> watched_files;  ///< with `dev`: besides the binary
};

/// All options of the modules, side by side. Constant after loading.
struct Config {
    ProcessOptions process;
    std::uint32_t limit_concurrency{50};
    std::uint32_t queue_limit{100};
    AdmissionOptions admission;
    HttpOptions http;
    GeminiOptions gemini;
    ImageLimits image;
    log::Options log;
};

enum class Command { help, serve, check_config, version };

struct CommandLine {
    Command command{Command::help};
    std::string text;  ///< what to print for `help`
    Config config;     ///< for `serve` and `check_config`
};

/// Reads flags, environment, the file named by CONFIG (later ones lose) and the files that hold secrets.
/// All faults at once, one sentence each: name, value, what is allowed.
[[nodiscard]] std::expected<CommandLine, std::vector<std::string>> load_command_line(int argc,
                                                                                     const char* const* argv);

}  // namespace chartsight
