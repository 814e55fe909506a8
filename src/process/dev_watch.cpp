#include "process/dev_watch.hpp"

#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <filesystem>
#include <system_error>

namespace chartsight {

DevWatch::DevWatch(const std::vector<std::string>& files)
    : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "inotify");
    for (const std::string& file : files) {
        const auto path = std::filesystem::absolute(file);
        const int folder =
            ::inotify_add_watch(descriptor_, path.parent_path().c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
        if (folder >= 0) files_.push_back({folder, path.filename().string()});
    }
}

DevWatch::~DevWatch() {
    ::close(descriptor_);
}

std::string DevWatch::changed_file() {
    std::string changed;
    alignas(inotify_event) std::array<char, 16 * (sizeof(inotify_event) + NAME_MAX + 1)> buffer{};
    for (ssize_t n = 0; (n = ::read(descriptor_, buffer.data(), buffer.size())) > 0;) {
        for (const char* at = buffer.data(); at < buffer.data() + n;) {
            const auto* event = reinterpret_cast<const inotify_event*>(at);
            at += sizeof(inotify_event) + event->len;
            const std::string name = event->len > 0 ? event->name : "";
            const bool watched = std::ranges::any_of(
                files_, [&](const File& file) { return file.folder == event->wd && file.name == name; });
            if (watched && changed.empty()) changed = name;
        }
    }
    return changed;
}

const std::string& program_path() {
    static const std::string path = std::filesystem::read_symlink("/proc/self/exe").string();
    return path;
}

bool would_start(const std::vector<std::string>& arguments) {
    std::vector<std::string> check = arguments;
    std::ranges::replace(check, std::string("serve"), std::string("check-config"));
    const pid_t pid = ::fork();
    if (pid == 0) {
        execute_again(check);
        ::_exit(127);
    }
    int status = 0;
    return pid > 0 && ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void execute_again(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(program_path().c_str(), argv.data());
}

}  // namespace chartsight
