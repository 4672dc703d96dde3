# Files as part of the program. Included: klik_embed(target NAME files…) adds a generated source that defines
# klik::embedded_NAME(). Run with -P: writes that source. Bytes become character literals, so no
# compiler limit on string length applies.
if(CMAKE_SCRIPT_MODE_FILE)
  set(arrays "")
  set(entries "")
  set(number 0)
  string(REPLACE "|" ";" FILES "${FILES}")
  foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" hex HEX)
    string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "constexpr char kFile${number}[] = {${bytes}'\\0'};\n")
    string(APPEND entries "    {\"${name}\", {kFile${number}, sizeof kFile${number} - 1}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE "${OUT}" "#include <span>\n\n#include \"base/embedded.h\"\n\nnamespace klik {\nstd::span<const EmbeddedFile> embedded_${NAME}();\n\nnamespace {\n${arrays}constexpr EmbeddedFile kFiles[] = {\n${entries}};\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_${NAME}() { return kFiles; }\n\n}  // namespace klik\n")
  return()
endif()

set(KLIK_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(klik_embed target name)
  set(out ${CMAKE_BINARY_DIR}/embedded/${name}.cc)
  string(REPLACE ";" "|" files "${ARGN}")
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} "-DFILES=${files}" -DOUT=${out} -P ${KLIK_EMBED_SCRIPT}
    DEPENDS ${ARGN} ${KLIK_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
