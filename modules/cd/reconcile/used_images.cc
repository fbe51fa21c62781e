#include "reconcile/used_images.h"

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::cd {
namespace {

using Images = std::set<std::string>;

// Every member "image" of an object, whatever its kind: custom resources name
// images, too.
void add_named(const Json& value, Images& images) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      if (key == "image" && member.is_string()) {
        images.insert(member.get<std::string>());
      } else {
        add_named(member, images);
      }
    }
  } else if (value.is_array()) {
    for (const Json& one : value) add_named(one, images);
  }
}

Images rendered(Sources& sources, const Json& manifest,
                const std::vector<Resolved>& resolved) {
  Images images;
  const auto desired = sources.render(*parse_stored(manifest), resolved);
  for (const auto* list : {&desired->objects, &desired->hooks}) {
    for (const Json& object : *list) add_named(object, images);
  }
  return images;
}

void add_history(Store& store, Sources& sources, const Record& record,
                 Images& images) {
  for (const HistoryEntry& entry : store.history(record.id)) {
    try {
      images.merge(entry.images
                       ? Images(*entry.images)
                       : rendered(sources, entry.manifest, entry.resolved));
    } catch (const Error& error) {
      fail(ErrorCode::unavailable,
           "which images application '{}' runs since {} is not known: {}",
           record.app->name, entry.revision, error.message());
    }
  }
}

// What cannot be rendered cannot be deployed either: what runs is in the
// history.
void add_desired(Sources& sources, const Record& record, Images& images) {
  const auto add = [&](const Json& manifest,
                       const std::vector<Resolved>& resolved) {
    if (resolved.empty()) return;
    try {
      images.merge(rendered(sources, manifest, resolved));
    } catch (const Error& error) {
      log::warning("the images that an application wants cannot be told",
                   {{"application", record.app->name},
                    {"error", error.message()}});
    }
  };
  add(record.pin ? record.pin->manifest : record.app->manifest,
      record.pin ? record.pin->resolved : record.status.resolved);
  if (record.operation) {
    add(record.operation->manifest, record.operation->resolved);
  }
}

}  // namespace

void add_images(const Json& object, std::set<std::string>& images) {
  const auto kind = object.value("kind", "");
  if (kind == "ConfigMap" || kind == "Secret") return;
  add_named(object, images);
}

std::vector<UsedImage> used_images(Store& store, Sources& sources) {
  std::vector<UsedImage> found;
  for (const std::string& name : store.names()) {
    const auto record = store.find(name);
    if (!record) continue;
    Images images;
    add_history(store, sources, *record, images);
    for (const Json& object : store.all(record->id)) {
      add_named(object, images);
    }
    add_desired(sources, *record, images);
    for (const std::string& image : images) found.push_back({name, image});
  }
  return found;
}

}  // namespace skerry::cd
