#include "services/cli/connection.h"

#include <algorithm>

#include "duban/v1/directory_service.grpc.pb.h"
#include "services/cli/folder.h"
#include "services/cli/refusal.h"
#include "services/cli/values.h"

namespace duban::cli {
namespace {

constexpr int kMaxReplyBytes = 64 * 1024 * 1024;
constexpr double kNamesTimeoutSeconds = 3;
constexpr std::size_t kNamesPerCall = 1'000;

// The machine itself: unix:PATH, localhost, 127.0.0.0/8, ::1.
bool IsLocal(const std::string& server) {
  if (server.starts_with("unix:")) return true;
  if (server.starts_with("[::1]:")) return true;
  const std::string host = server.substr(0, server.rfind(':'));
  const bool numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || (numeric && host.starts_with("127."));
}

std::expected<std::string, Failure> ReadOptional(const Terminal& terminal,
                                                 const std::string& path) {
  if (path.empty()) return std::string();
  return ReadFile(terminal, path);
}

std::expected<std::shared_ptr<grpc::ChannelCredentials>, Failure> Credentials(
    const Context& context) {
  const ConnectionOptions& options = context.connection;
  if (IsLocal(options.server) && options.ca.empty() && options.certificate.empty()) {
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions tls;
  const std::pair<const std::string*, grpc::string*> files[] = {
      {&options.ca, &tls.pem_root_certs},
      {&options.certificate, &tls.pem_cert_chain},
      {&options.key, &tls.pem_private_key}};
  for (const auto& [path, text] : files) {
    auto read = ReadOptional(context.terminal, *path);
    if (!read) return std::unexpected(read.error());
    *text = *std::move(read);
  }
  return grpc::SslCredentials(tls);
}

std::string FirstLine(const std::string& text) {
  const std::size_t end = text.find_first_of("\r\n");
  return end == std::string::npos ? text : text.substr(0, end);
}

}  // namespace

std::expected<Connection, Failure> Connection::Open(const Context& context) {
  Connection connection;
  connection.context_ = &context;
  connection.token_ = context.connection.token;
  if (connection.token_.empty() && !context.connection.token_file.empty()) {
    const auto token = ReadFile(context.terminal, context.connection.token_file);
    if (!token) return std::unexpected(token.error());
    connection.token_ = FirstLine(*token);
  }
  const auto credentials = Credentials(context);
  if (!credentials) return std::unexpected(credentials.error());
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxReplyBytes);
  if (IsLocal(context.connection.server)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  connection.channel_ =
      grpc::CreateCustomChannel(context.connection.server, *credentials, arguments);
  // A first attempt may fail by chance on a loaded machine: the channel tries again while this waits.
  connection.channel_->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(1));
  return connection;
}

void Connection::Prepare(grpc::ClientContext& call, double timeout_seconds) const {
  if (!token_.empty()) call.AddMetadata("authorization", "Bearer " + token_);
  if (timeout_seconds <= 0) return;
  const auto timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds * 1000));
  call.set_deadline(std::chrono::system_clock::now() + timeout);
}

Names Connection::NamesOf(const std::vector<std::string>& ids) const {
  std::vector<std::string> wanted = ids;
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  Names names;
  v1::DirectoryService::Stub stub(channel_);
  for (std::size_t first = 0; first < wanted.size(); first += kNamesPerCall) {
    v1::ResolveNamesRequest request;
    const std::size_t last = std::min(wanted.size(), first + kNamesPerCall);
    for (std::size_t i = first; i < last; ++i) request.add_ids(wanted[i]);
    grpc::ClientContext call;
    Prepare(call, kNamesTimeoutSeconds);
    v1::ResolveNamesResponse response;
    if (!stub.ResolveNames(&call, request, &response).ok()) return names;
    for (const auto& [id, name] : response.names()) names.emplace(id, ToModel(name));
  }
  return names;
}

Failure Connection::Explain(const grpc::Status& status, bool write) const {
  return ExplainStatus(*context_, status, write,
                       [this](const std::vector<std::string>& ids) { return NamesOf(ids); });
}

std::string NamedList(const Terminal& terminal, const Names& names,
                      const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) {
    if (!text.empty()) text += terminal.Say("、", ", ");
    text += id;
    const auto name = names.find(id);
    if (name != names.end() && terminal.In(name->second) != id)
      text += " " + terminal.In(name->second);
  }
  return text;
}

}  // namespace duban::cli
