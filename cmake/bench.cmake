# bench/<name>.cc is one program, found by its place; `// links: klik_apps` in it names what it needs. Built by
# `ninja benches`, not by default.
add_custom_target(benches)
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/*.cc)
foreach(source IN LISTS bench_sources)
  get_filename_component(target ${source} NAME_WE)
  file(STRINGS ${source} links REGEX "^// links: ")
  string(REPLACE "// links: " "" links "${links}")
  separate_arguments(links)
  add_executable(${target} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${target} PRIVATE ${links})
  add_dependencies(benches ${target})
endforeach()
add_custom_target(bench DEPENDS benches)
