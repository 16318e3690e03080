#include "services/duband/reflection_service.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "services/duband/front.h"
#include "services/duband/method.h"

namespace duban::duband {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

// One caller's questions, answered one after the other.
class Conversation : public Stream {
 public:
  Conversation(const Front& front, Call& call) : front_(front), call_(call) {}

  void Arrived(bool ok) override {
    if (!ok) return call_.Finish(grpc::Status::OK);
    ServerReflectionRequest request;
    if (!call_.Parse(request)) return call_.Finish(Malformed());
    Answer(request);
  }
  void Written(bool ok) override {
    if (ok) return call_.ReadNext();
    call_.Finish({grpc::StatusCode::CANCELLED, "the reader is gone"});
  }
  void Cancelled() override {}  // what is under way fails

 private:
  void Answer(const ServerReflectionRequest& request);
  void Add(const FileDescriptor* file, ServerReflectionResponse& response);
  void AddExtensions(const std::string& type, ServerReflectionResponse& response);
  const FileDescriptor* FileOfExtension(const std::string& type, int number) const;

  const Front& front_;
  Call& call_;
  const DescriptorPool& pool_ = *DescriptorPool::generated_pool();
  std::set<const FileDescriptor*> sent_;
};

void Conversation::Answer(const ServerReflectionRequest& request) {
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : front_.services())
        response.mutable_list_services_response()->add_service()->set_name(name);
      break;
    case ServerReflectionRequest::kFileByFilename:
      Add(pool_.FindFileByName(request.file_by_filename()), response);
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      Add(pool_.FindFileContainingSymbol(request.file_containing_symbol()), response);
      break;
    case ServerReflectionRequest::kFileContainingExtension:
      Add(FileOfExtension(request.file_containing_extension().containing_type(),
                          request.file_containing_extension().extension_number()),
          response);
      break;
    case ServerReflectionRequest::kAllExtensionNumbersOfType:
      AddExtensions(request.all_extension_numbers_of_type(), response);
      break;
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("nothing was asked");
  }
  call_.Write(response);
}

// The file with all that it imports, as far as it was not sent; or that there is none.
void Conversation::Add(const FileDescriptor* file, ServerReflectionResponse& response) {
  if (file == nullptr) {
    response.mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
    response.mutable_error_response()->set_error_message("there is no such file, symbol or type");
    return;
  }
  auto& files = *response.mutable_file_descriptor_response();
  for (std::vector<const FileDescriptor*> wanted{file}; !wanted.empty();) {
    const FileDescriptor* next = wanted.back();
    wanted.pop_back();
    if (!sent_.insert(next).second) continue;
    google::protobuf::FileDescriptorProto proto;
    next->CopyTo(&proto);
    files.add_file_descriptor_proto(proto.SerializeAsString());
    for (int i = 0; i < next->dependency_count(); ++i) wanted.push_back(next->dependency(i));
  }
}

void Conversation::AddExtensions(const std::string& type, ServerReflectionResponse& response) {
  const auto* message = pool_.FindMessageTypeByName(type);
  if (message == nullptr) return Add(nullptr, response);
  auto& numbers = *response.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type);
  std::vector<const google::protobuf::FieldDescriptor*> extensions;
  pool_.FindAllExtensions(message, &extensions);
  for (const auto* extension : extensions) numbers.add_extension_number(extension->number());
}

const FileDescriptor* Conversation::FileOfExtension(const std::string& type, int number) const {
  const auto* message = pool_.FindMessageTypeByName(type);
  const auto* extension =
      message == nullptr ? nullptr : pool_.FindExtensionByNumber(message, number);
  return extension == nullptr ? nullptr : extension->file();
}

}  // namespace

Methods ReflectionService::methods() {
  return {{.name = "ServerReflectionInfo",
           .serve =
               [this](Call& call) {
                 const auto stream = std::make_shared<Conversation>(front_, call);
                 call.Become(stream);
                 stream->Arrived(true);
               },
           .streams = true,
           .anyone = true}};
}

}  // namespace duban::duband
