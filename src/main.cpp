#include "chartsight/config/config.hpp"
#include "chartsight/http/version.hpp"
#include "chartsight/process/malloc_tunables.hpp"
#include "chartsight/process/restart_policy.hpp"
#include "chartsight/process/supervisor.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
    using namespace chartsight;
    if (argc > 1 && std::string_view(argv[1]) == "serve") use_malloc_without_thread_caches(argv);
    const auto line = load_command_line(argc, argv);
    if (!line) {
        for (const std::string& fault : line.error()) std::fprintf(stderr, "chartsight: %s\n", fault.c_str());
        return RestartPolicy::kConfigFault;
    }
    switch (line->command) {
        case Command::help: std::fputs(line->text.c_str(), stdout); return 0;
        case Command::version: std::printf("chartsight %s\n", kVersion); return 0;
        case Command::check_config: std::puts("The configuration is valid."); return 0;
        case Command::serve: return run_supervisor(line->config, std::vector<std::string>(argv, argv + argc));
    }
    return 0;
}
