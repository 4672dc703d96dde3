# One static library per module; a module sees only those named after it. tools/check_layers.py holds the same table.
function(klik_module name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  # A registration line is what compiles a file: KLIK_CONTAINER(erofs) means src/containers/erofs.cc.
  add_library(klik_${name} STATIC ${sources})
  target_include_directories(klik_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(klik_${name} PUBLIC klik_flags ${ARGN})
endfunction()

klik_module(base OpenSSL::Crypto PkgConfig::libdeflate)
klik_module(io klik_base klik_codecs Threads::Threads)
klik_module(containers klik_io klik_formats PkgConfig::ext2fs PkgConfig::com_err)
klik_module(facts klik_base)
klik_module(formats klik_base OpenSSL::Crypto)
klik_module(apps klik_formats klik_containers)
klik_module(extract klik_facts klik_apps)
