#include "chartsight/config/config.hpp"
#include "config/built_in.hpp"
#include "config/config_file.hpp"
#include "config/option_table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <map>

namespace chartsight {

namespace {

using Values = std::map<std::string, std::string>;
using Faults = std::vector<std::string>;

constexpr std::size_t kMaxShownValue = 80;

/// Flags as given on the command line, by option name.
struct Flags {
    Values values;
    std::string config_file;
    bool dev{false};
};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : value;
}

std::string trimmed_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

/// Empty values count as not set, so that `NAME=` in an env file means the default.
Values merge(const Flags& flags, Faults& faults) {
    Values merged;
    if (!flags.config_file.empty()) {
        const auto content = read_file(flags.config_file);
        const auto values = content ? parse_config_text(*content) : std::unexpected(content.error());
        if (!values) {
            faults.push_back(fmt::format("CONFIG={}: {}", flags.config_file, values.error()));
        } else {
            for (const auto& [name, value] : *values) {
                const bool known =
                    std::ranges::any_of(option_table(), [&](auto& spec) { return spec.name == name; });
                if (known) merged[name] = value;
                if (!known)
                    faults.push_back(
                        fmt::format("{} in {}: there is no such option", name, flags.config_file));
            }
        }
    }
    for (const OptionSpec& spec : option_table()) {
        if (const auto value = environment(spec.name); !value.empty()) merged[spec.name] = value;
        if (const auto flag = flags.values.find(spec.name); flag != flags.values.end()) {
            merged[spec.name] = flag->second;
        }
    }
    std::erase_if(merged, [](const auto& item) { return item.second.empty(); });
    return merged;
}

void store_values(Config& config, const Values& values, Faults& faults) {
    for (const OptionSpec& spec : option_table()) {
        const auto value = values.find(spec.name);
        if (value == values.end() || !spec.store) continue;
        const auto fault = spec.store(config, value->second);
        if (!fault) continue;
        const bool secret = !spec.has_flag;
        faults.push_back(fmt::format(
            "{}{}: {}", spec.name, secret ? "" : "=" + log::escaped(value->second, kMaxShownValue), *fault));
    }
}

/// GEMINI_API_KEY, else GEMINI_API_KEY_FILE, else the systemd credential `gemini_api_key`.
void load_api_key(Config& config, const Values& values, Faults& faults) {
    if (!config.gemini.api_key.empty()) return;
    std::string path;
    if (const auto named = values.find("GEMINI_API_KEY_FILE"); named != values.end()) {
        path = named->second;
    } else if (const auto folder = environment("CREDENTIALS_DIRECTORY"); !folder.empty()) {
        path = folder + "/gemini_api_key";
        if (!read_file(path)) return;
    }
    if (path.empty()) return;
    const auto content = read_file(path);
    if (!content) {
        faults.push_back(fmt::format("GEMINI_API_KEY_FILE={}: {}", path, content.error()));
        return;
    }
    config.process.watched_files.push_back(path);
    config.gemini.api_key = Secret(trimmed_end(*content));
}

void load_prompt(Config& config, const Values& values, Faults& faults) {
    config.http.default_prompt = kDefaultPrompt;
    const auto named = values.find("PROMPT_FILE");
    if (named == values.end()) return;
    auto content = read_file(named->second);
    if (!content || trimmed_end(*content).empty()) {
        faults.push_back(
            fmt::format("PROMPT_FILE={}: {}", named->second, content ? "is empty" : content.error()));
        return;
    }
    config.process.watched_files.push_back(named->second);
    config.http.default_prompt = std::move(*content);
}

void check_relations(Config& config, const Values& values, Faults& faults) {
    const bool threads_given = values.contains("THREADS");
    if (threads_given && config.process.threads < config.limit_concurrency) {
        faults.push_back(
            fmt::format("THREADS={}: allowed: at least LIMIT_CONCURRENCY ({}), so that an admitted "
                        "request never waits for a thread",
                        config.process.threads, config.limit_concurrency));
    }
    config.process.threads = std::max(config.process.threads, config.limit_concurrency);

    const std::string& key = config.gemini.api_key.reveal();
    if (key.find_first_of(" \t\r\n") != std::string::npos) {
        faults.emplace_back("GEMINI_API_KEY: allowed: one key without blanks or line breaks");
    }
    if (key.empty()) {
        faults.emplace_back(
            "no Gemini API key: set GEMINI_API_KEY or GEMINI_API_KEY_FILE, or try everything without a key with "
            "scripts/run --fake-gemini");
    }
    if (config.gemini.transport.ca_file.empty()) {
        config.gemini.transport.ca_file = environment("CURL_CA_BUNDLE");
        if (config.gemini.transport.ca_file.empty())
            config.gemini.transport.ca_file = environment("SSL_CERT_FILE");
    }
    if (const auto& file = config.gemini.transport.ca_file; !file.empty() && !read_file(file)) {
        faults.push_back(fmt::format("GEMINI_CA_FILE={}: {}", file, read_file(file).error()));
    }
}

std::expected<Config, Faults> make_config(const Flags& flags) {
    Config config;
    Faults faults;
    const Values values = merge(flags, faults);
    store_values(config, values, faults);
    load_api_key(config, values, faults);
    load_prompt(config, values, faults);
    check_relations(config, values, faults);
    config.process.dev = flags.dev;
    if (flags.dev) {
        config.process.workers = 1;
        if (!values.contains("LOG_LEVEL")) config.log.level = log::Level::debug;
        if (!flags.config_file.empty()) config.process.watched_files.push_back(flags.config_file);
    }
    if (!faults.empty()) return std::unexpected(faults);
    return config;
}

void add_options(CLI::App& command, Flags& flags) {
    for (const OptionSpec& spec : option_table()) {
        const std::string help = fmt::format("{} [{}]", spec.help, spec.default_text);
        if (spec.has_flag) {
            command.add_option_function<std::string>(
                flag_of(spec.name),
                [&flags, &spec](const std::string& value) { flags.values[spec.name] = value; },
                fmt::format("{} (${})", help, spec.name));
        }
    }
    flags.config_file = environment("CONFIG");
    command.add_option("--config", flags.config_file, "file of NAME=value lines ($CONFIG)");
    command.add_flag("--dev", flags.dev,
                     "one worker, debug log, restart when the binary or a file above changes");
    command.footer(
        "Every option is also an environment variable, named in brackets; flags win over the environment,\n"
        "the environment over the --config file. GEMINI_API_KEY is read from the environment only.");
}

/// Without values: whoever passes a key as a flag must not find it in the journal.
Faults unknown_arguments(const std::vector<std::string>& arguments) {
    Faults faults;
    for (const std::string& argument : arguments) {
        if (!argument.starts_with("-")) continue;
        const std::string flag = log::escaped(argument.substr(0, argument.find('=')), kMaxShownValue);
        faults.push_back(fmt::format("{}: there is no such flag; see chartsight serve --help", flag));
    }
    if (faults.empty()) faults.emplace_back("unexpected argument; see chartsight --help");
    return faults;
}

}  // namespace

std::expected<CommandLine, std::vector<std::string>> load_command_line(int argc, const char* const* argv) {
    CLI::App app("chartsight: analyses chart images with Google Gemini", "chartsight");
    app.require_subcommand(0, 1);
    Flags flags;
    auto* serve = app.add_subcommand("serve", "start the server");
    auto* check = app.add_subcommand("check-config", "say whether `serve` would start with these options");
    auto* version = app.add_subcommand("version", "print the version");
    add_options(*serve, flags);
    add_options(*check, flags);

    CommandLine line;
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        line.text = app.help();
        return line;
    } catch (const CLI::CallForAllHelp&) {
        line.text = app.help("", CLI::AppFormatMode::All);
        return line;
    } catch (const CLI::ExtrasError&) {
        return std::unexpected(unknown_arguments(app.remaining(true)));
    } catch (const CLI::ParseError& error) {
        return std::unexpected(Faults{error.what()});
    }
    if (version->parsed()) {
        line.command = Command::version;
        return line;
    }
    if (!serve->parsed() && !check->parsed()) {
        line.text = app.help();
        return line;
    }
    line.command = serve->parsed() ? Command::serve : Command::check_config;
    auto config = make_config(flags);
    if (!config) return std::unexpected(config.error());
    line.config = std::move(*config);
    return line;
}

}  // namespace chartsight
