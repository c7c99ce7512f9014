import Foundation
import TestSupport
import Testing

/// Secrets in Jupyter notebooks.
struct NotebookTests {
  @Test func `a place in a notebook names its cell, and its output`() throws {
    let git = try GitFixture()
    let (first, second, third) = (key(), key(), key())
    let notebook = """
      {
       "metadata": {"cells": "none", "note": ["{", {"a": "\\"cells\\": ["}]},
       "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title {\\n", "text ]"]},
        {"cell_type": "code", "metadata": {"tags": ["x"]},
         "source": ["import os\\n", "os.environ[\\"GEMINI_API_KEY\\"] = \\"\(first)\\"\\n"],
         "outputs": [{"text": ["outputs"]}, {"text": ["\(second)\\n"], "data": {"outputs": [{}]}}]},
        {"cell_type": "code", "source": []}
       ],
       "nbformat": 4, "more": "\(third)"
      }
      """
    try git.stage("lab/try.ipynb", notebook)
    try git.stage("lab/try.json", notebook.replacingOccurrences(of: first, with: key()))
    try git.commit()
    let output = try Keyscan.run(
      [".", "--fail-on", "never"], in: git.path, environment: git.environment)
    #expect(output.text.contains("lab/try.ipynb:6:") && output.text.contains(" (cell 2)"))
    #expect(output.text.components(separatedBy: "(cell 2)").count == 2)
    #expect(output.text.components(separatedBy: "(cell 2, output 2)").count == 2)
    #expect(!output.text.contains("(cell 3)") && !output.text.contains("(cell 1)"))
    let json = try Keyscan.run(
      [".", "--format", "json", "--fail-on", "never"], in: git.path, environment: git.environment)
    #expect(json.text.components(separatedBy: "\"cell\": 2").count == 3)
    #expect(json.text.components(separatedBy: "\"output\": 2").count == 2)
  }

  private func key() -> String { LookAlike.apiKey() }
}
