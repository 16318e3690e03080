#include "services/duband/server.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <mutex>

#include "core/plugin/host.h"
#include "services/duband/case_service.h"
#include "services/duband/definition_service.h"
#include "services/duband/directory_service.h"
#include "services/duband/file_directory.h"
#include "services/duband/front.h"
#include "services/duband/health_service.h"
#include "services/duband/metrics.h"
#include "services/duband/operator_service.h"
#include "services/duband/reflection_service.h"
#include "services/duband/task_service.h"
#include "services/duband/tls.h"
#include "services/duband/watch_service.h"

namespace duban::duband {
namespace {

using model::Text;
using Problems = std::vector<Text>;

constexpr std::chrono::seconds kGrace{5};
// Threads that read the storage, and that do what takes long; calls that may wait for one.
constexpr std::size_t kReaders = 4;
constexpr std::size_t kWaitingReads = 2'000;
constexpr std::size_t kWorkers = 2;
constexpr std::size_t kWaitingLong = 64;
constexpr int kCallsPerConnection = 1'000;  // at a time; more wait at the client
// What gRPC may hold of messages on their way. Under pressure it reads more slowly, then drops
// connections that do nothing.
constexpr std::size_t kTransportBytes = std::size_t{256} * 1024 * 1024;

Text About(const std::string& what, const Text& text) {
  return {what + "：" + text.zh, what + ": " + text.en};
}

Problems ReadWorld(const Config& config, engine::World& world) {
  FileDirectory directory(config.organisation, config.calendar);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(config.organisation, ignored)) {
    return {About(config.organisation.string(), {"没有这个文件，请检查 [directory] organisation",
                                                 "no such file; check [directory] organisation"})};
  }
  if (!config.calendar.empty() && !std::filesystem::is_directory(config.calendar, ignored)) {
    return {About(config.calendar.string(), {"没有这个目录，请检查 [directory] calendar",
                                             "no such directory; check [directory] calendar"})};
  }
  Problems problems;
  for (const auto& diagnostic : world.Refresh(directory)) {
    if (diagnostic.severity != definition::Severity::kError) continue;
    problems.emplace_back(definition::ToString(diagnostic, "zh"),
                          definition::ToString(diagnostic, "en"));
  }
  return problems;
}

std::filesystem::path PathOf(const Config& config, const char* kind, const std::string& plugin) {
  return config.plugins / kind / (plugin + ".so");
}

using Notifiers = std::map<std::string, std::unique_ptr<ports::Notifier>>;

Problems LoadNotifiers(const Config& config, Notifiers& notifiers) {
  Problems problems;
  for (const auto& entry : config.notifiers) {
    auto loaded =
        plugin::LoadNotifier(PathOf(config, "notification", entry.plugin), entry.settings);
    if (loaded) {
      notifiers[entry.name] = std::move(*loaded);
    } else {
      problems.push_back(About("[notifier." + entry.name + "]", loaded.error()));
    }
  }
  return problems;
}

std::expected<Tokens, Text> OpenTokens(const Config& config) {
  if (config.tokens.empty()) return Tokens();
  return Tokens::Open(config.tokens);
}

// Those that exist for sure: a file's own, and the backups once there are any.
std::vector<std::filesystem::path> DirectoriesOf(const Config& config) {
  std::vector<std::filesystem::path> directories;
  if (const auto path = config.storage.settings.find("path"); path != config.storage.settings.end())
    directories.push_back(std::filesystem::path(path->second).parent_path());
  if (!config.log_file.empty()) directories.push_back(config.log_file.parent_path());
  if (!config.backups.empty()) directories.push_back(config.backups);
  return directories;
}

engine::Channels ChannelsOf(const Config& config, const Notifiers& notifiers) {
  engine::Channels channels;
  const auto fill = [&](const char* urgency, engine::Route& route) {
    const auto found = config.notify.routes.find(urgency);
    if (found == config.notify.routes.end()) return;
    for (const auto& way : found->second)
      route.push_back({way.name, notifiers.at(way.name).get(), way.otherwise});
  };
  fill("normal", channels.normal);
  fill("urgent", channels.urgent);
  fill("statutory", channels.statutory);
  fill("digest", channels.digest);
  channels.schedule = config.notify.schedule;
  return channels;
}

}  // namespace

// In the order in which they are made; each may use those before it.
class Server::Parts {
 public:
  Parts(const Config& config, std::optional<model::Timestamp> virtual_start, Tokens tokens,
        std::unique_ptr<engine::World> world, Notifiers notifiers,
        std::unique_ptr<ports::Storage> storage)
      : config_(config),
        virtual_clock_(virtual_start ? std::make_unique<VirtualClock>(*virtual_start) : nullptr),
        notifiers_(std::move(notifiers)),
        storage_(std::move(storage)),
        world_(std::move(world)),
        catalog_(*storage_),
        engine_(*storage_, clock(), catalog_, *world_, config.limits),
        outbox_(*storage_, clock(), *world_, ChannelsOf(config, notifiers_),
                [this](auto done, auto updated) {
                  const auto r = engine_.FinishOutbox(std::move(done), std::move(updated));
                  if (!r)
                    Log(Level::kWarning, "deliveries could not be recorded: {}", r.error().message);
                  return r.has_value();
                }),
        queries_(*storage_, clock(), catalog_, *world_),
        authenticator_(std::move(tokens), *world_) {
    if (config.metrics.empty()) return;
    metrics_ = std::make_unique<Metrics>(Metrics::Sources{
        engine_, *storage_, catalog_, clock(), *world_, [this] { return watches_.streams(); }});
    node_.metrics = metrics_.get();
    engine_.OnBatch([this](const auto& report) { metrics_->Batch(report); });
  }

  std::optional<Text> Run() {
    if (auto loaded = catalog_.Load(); !loaded) return StorageText(loaded.error());
    engine_.OnCommit([this](std::uint64_t) { watches_.Wake(); });
    engine_.OnNotification([this] { outbox_.Wake(); });
    if (auto started = engine_.Start(); !started) return StorageText(started.error());
    outbox_.Start();
    if (auto problem = Listen()) return problem;
    if (!metrics_) return std::nullopt;
    const auto served = metrics_->Listen(config_.metrics);
    return served ? std::nullopt : std::optional(served.error());
  }

  void Reload() {
    const Problems problems = ReadWorld(config_, *world_);
    for (const auto& problem : problems) Log(Level::kError, "not read again: {}", problem.en);
    if (problems.empty()) Log(Level::kInfo, "organisation and calendar read again");
  }

  void Stop() {
    const std::lock_guard lock(stopping_);
    if (std::exchange(stopped_, true)) return;
    health_.Stop();
    watches_.Stop();
    front_.Close(kGrace);
    readers_.Stop();
    workers_.Stop();
    outbox_.Stop();
    engine_.Stop();
    front_.Stop();
    metrics_.reset();
  }

  std::string address() const {
    const char* how = !config_.tls()                  ? "plaintext, loopback only"
                      : config_.tls_client_ca.empty() ? "TLS"
                                                      : "TLS, client certificates required";
    if (config_.listen.starts_with("unix:"))
      return fmt::format("{} (plaintext, this machine only)", config_.listen);
    const std::string host = config_.listen.substr(0, config_.listen.rfind(':'));
    return fmt::format("{}:{} ({})", host, port_, how);
  }

 private:
  ports::Clock& clock() {
    if (virtual_clock_) return *virtual_clock_;
    return system_clock_;
  }

  Text StorageText(const ports::StorageError& error) const {
    return About("[storage] " + config_.storage.plugin, {error.message, error.message});
  }

  std::optional<Text> Listen() {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(config_.max_message_bytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kCallsPerConnection);
    builder.SetResourceQuota(grpc::ResourceQuota("duband").Resize(kTransportBytes));
    builder.AddListeningPort(config_.listen, CredentialsOf(config_), &port_);
    front_.Serve("duban.v1.CaseService", cases_.methods());
    front_.Serve("duban.v1.TaskService", tasks_.methods());
    front_.Serve("duban.v1.WatchService", watches_.methods());
    front_.Serve("duban.v1.DefinitionService", definitions_.methods());
    front_.Serve("duban.v1.DirectoryService", directory_.methods());
    front_.Serve("duban.v1.OperatorService", operator_.methods());
    front_.Serve("grpc.health.v1.Health", health_.methods());
    front_.Serve("grpc.reflection.v1alpha.ServerReflection", reflection_.methods());
    if (front_.Start(builder)) return std::nullopt;
    return Text(
        fmt::format("无法监听 {}：端口可能已被占用，请检查 [server] listen", config_.listen),
        fmt::format("cannot listen on {}: the port may be in use; check [server] listen",
                    config_.listen));
  }

  const Config config_;
  SystemClock system_clock_;
  const std::unique_ptr<VirtualClock> virtual_clock_;
  Notifiers notifiers_;
  const std::unique_ptr<ports::Storage> storage_;
  const std::unique_ptr<engine::World> world_;
  engine::Catalog catalog_;
  engine::Engine engine_;
  engine::Outbox outbox_;
  engine::Queries queries_;
  Authenticator authenticator_;
  Workers readers_{"read", kReaders, kWaitingReads};
  Workers workers_{"work", kWorkers, kWaitingLong};
  Node node_{*storage_,
             clock(),
             virtual_clock_.get(),
             catalog_,
             *world_,
             engine_,
             outbox_,
             queries_,
             authenticator_,
             readers_,
             workers_,
             nullptr,
             config_.backups,
             DirectoriesOf(config_)};
  CaseService cases_{node_};
  TaskService tasks_{node_};
  WatchService watches_{node_};
  DefinitionService definitions_{node_};
  DirectoryService directory_{node_};
  OperatorService operator_{node_};
  Front front_{node_};
  HealthService health_{front_};
  ReflectionService reflection_{front_};
  int port_ = 0;
  std::mutex stopping_;
  bool stopped_ = false;
  std::unique_ptr<Metrics> metrics_;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { Stop(); }
std::string Server::address() const { return parts_->address(); }
void Server::Reload() { parts_->Reload(); }
void Server::Stop() { parts_->Stop(); }

std::expected<std::unique_ptr<Server>, Problems> Server::Start(
    const Config& config, std::optional<model::Timestamp> virtual_start) {
  auto world = std::make_unique<engine::World>();
  Problems problems = ReadWorld(config, *world);
  Notifiers notifiers;
  for (auto& problem : LoadNotifiers(config, notifiers)) problems.push_back(std::move(problem));
  if (auto tls = CheckTls(config)) problems.push_back(std::move(*tls));
  auto tokens = OpenTokens(config);
  if (!tokens) problems.push_back(tokens.error());
  if (!problems.empty()) return std::unexpected(std::move(problems));

  auto storage = plugin::LoadStorage(PathOf(config, "storage", config.storage.plugin),
                                     config.storage.settings);
  if (!storage) return std::unexpected(Problems{About("[storage]", storage.error())});
  auto parts = std::make_unique<Parts>(config, virtual_start, std::move(*tokens), std::move(world),
                                       std::move(notifiers), std::move(*storage));
  if (auto problem = parts->Run()) return std::unexpected(Problems{std::move(*problem)});
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::vector<Text> Check(const Config& config) {
  engine::World world;
  Problems problems = ReadWorld(config, world);
  Notifiers notifiers;
  for (auto& problem : LoadNotifiers(config, notifiers)) problems.push_back(std::move(problem));
  if (auto tls = CheckTls(config)) problems.push_back(std::move(*tls));
  if (auto tokens = OpenTokens(config); !tokens) problems.push_back(tokens.error());
  const auto storage = PathOf(config, "storage", config.storage.plugin);
  std::error_code ignored;
  if (!std::filesystem::exists(storage, ignored)) {
    problems.push_back(
        About("[storage]", {"找不到插件 " + storage.string(), "no plugin " + storage.string()}));
  }
  return problems;
}

}  // namespace duban::duband
