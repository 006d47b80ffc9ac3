internal import DICOMCore
internal import Findings

extension YAMLReader where Value == SelectionRules {
  private static let keys = [
    "modalities", "sop_classes", "image_types", "excluded_image_types", "series_descriptions",
    "excluded_series_descriptions", "body_parts", "anatomic_regions", "when_body_part_is_unknown", "view_positions",
    "view_codes", "when_view_is_unknown", "lateralities", "minimum_age", "when_age_is_unknown", "lateral_views",
    "for_processing_images", "burned_in_annotation", "orientations", "slice_thickness", "slice_spacing", "sampling",
    "maximum_images_per_study", "maximum_frames_per_image",
  ]

  /// The `select` part of a pipeline. A key that is left out has the default of ``SelectionRules``.
  static var selectionRules: YAMLReader {
    YAMLReader("a mapping that says which images are used") { node, problems in
      guard let map = YAMLMapping(node, "the selection", keys: keys, problems) else { return nil }
      let modalities = map.required("modalities", .list("a list such as [CR, DX]", of: .modality, count: 1...20))
      var rules = SelectionRules(modalities: modalities ?? [])
      var isComplete = modalities != nil
      func set<Field>(_ path: WritableKeyPath<SelectionRules, Field>, _ key: String, _ reader: YAMLReader<Field>) {
        guard let value = map.optional(key, reader, default: rules[keyPath: path]) else {
          isComplete = false
          return
        }
        rules[keyPath: path] = value
      }
      set(\.sopClasses, "sop_classes", .list("a list of SOP Class UIDs", of: .uid, count: 1...100))
      set(\.imageTypes, "image_types", .list("a list such as [ORIGINAL, PRIMARY]", of: .codeString, count: 1...20))
      set(
        \.excludedImageTypes, "excluded_image_types",
        .list("a list such as [DERIVED, SECONDARY]", of: .codeString, count: 1...20))
      set(
        \.seriesDescriptions, "series_descriptions",
        .list("a list of patterns such as [lung, \"*ax*t1*\"]", of: .textPattern, count: 1...100))
      set(
        \.excludedSeriesDescriptions, "excluded_series_descriptions",
        .list("a list of patterns such as [scout, \"*mip*\"]", of: .textPattern, count: 1...100))
      set(\.bodyParts, "body_parts", .list("a list such as [CHEST, THORAX]", of: .bodyPart, count: 1...100))
      set(\.anatomicRegions, "anatomic_regions", .list("a list of codes", of: .plainCode, count: 1...100))
      set(\.whenBodyPartIsUnknown, "when_body_part_is_unknown", .choice(SelectionRules.WhenUnknown.allCases))
      set(\.viewPositions, "view_positions", .list("a list such as [PA, AP]", of: .codeString, count: 1...20))
      set(\.viewCodes, "view_codes", .list("a list of codes", of: .plainCode, count: 1...100))
      set(\.whenViewIsUnknown, "when_view_is_unknown", .choice(SelectionRules.WhenUnknown.allCases))
      set(\.lateralities, "lateralities", .list("a list such as [L, R]", of: .laterality, count: 1...4))
      set(\.minimumAge, "minimum_age", .number(in: 0...120, unit: " years"))
      set(\.whenAgeIsUnknown, "when_age_is_unknown", .choice(SelectionRules.WhenUnknown.allCases))
      set(\.lateralViews, "lateral_views", .choice(SelectionRules.LateralViews.allCases))
      set(\.forProcessingImages, "for_processing_images", .choice(SelectionRules.ForProcessingImages.allCases))
      set(\.burnedInAnnotation, "burned_in_annotation", .choice(SelectionRules.BurnedInAnnotation.allCases))
      set(
        \.volume.orientations, "orientations",
        .list("a list such as [axial]", of: .choice(VolumeRules.Orientation.allCases), count: 1...3))
      set(\.volume.sliceThickness, "slice_thickness", .millimetres)
      set(\.volume.sliceSpacing, "slice_spacing", .millimetres)
      set(\.volume.sampling, "sampling", .sampling)
      set(\.maximumImagesPerStudy, "maximum_images_per_study", .integer(in: 1...1000))
      set(\.maximumFramesPerImage, "maximum_frames_per_image", .integer(in: 1...1000))
      if case .count(let count) = rules.volume.sampling, count > rules.maximumImagesPerStudy, isComplete {
        problems.add(
          map.node("sampling")?.place ?? map.place, "found a count above maximum_images_per_study",
          expected: "at most \(rules.maximumImagesPerStudy), or a greater maximum_images_per_study")
        return nil
      }
      if rules.volume.sampling != .all, let node = map.node("maximum_frames_per_image") {
        problems.add(
          node.place, "found maximum_frames_per_image beside sampling, which chooses the frames",
          expected: "one of the two")
        return nil
      }
      return isComplete ? rules : nil
    }
  }
}
