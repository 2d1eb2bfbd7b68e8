#include <stdlib.h>

#include "COneDNN.h"
#include "Engine.h"

struct fledge_dnn_convolution {
  fledge_dnn *dnn;
  fledge_dnn_direction direction;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  /// Between filters as the caller has them and as the kernel wants them; NULL where these are the same.
  dnnl_primitive_t reorder;
  dnnl_memory_t images, filters, outputs, kernel_filters, scratchpad, reorder_scratchpad;
  size_t scratchpad_bytes, filter_bytes;
};

/// The kernel for images, outputs and filters as described; `hint` is the forward kernel, which gradients ask for.
static dnnl_primitive_desc_t make_kernel(
    fledge_dnn *dnn, fledge_dnn_direction direction, dnnl_alg_kind_t algorithm, const fledge_dnn_sizes *sizes,
    fledge_descriptor images, fledge_descriptor filters, fledge_descriptor outputs, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint) {
  const dnnl_dims_t strides = {sizes->stride_height, sizes->stride_width};
  const dnnl_dims_t dilations = {sizes->dilation_height - 1, sizes->dilation_width - 1};
  const dnnl_dims_t before = {sizes->padding_height, sizes->padding_width};
  // What the last window leaves over is negative padding.
  const dnnl_dims_t after = {
      (sizes->output_height - 1) * sizes->stride_height + (sizes->kernel_height - 1) * sizes->dilation_height + 1
          - sizes->input_height - sizes->padding_height,
      (sizes->output_width - 1) * sizes->stride_width + (sizes->kernel_width - 1) * sizes->dilation_width + 1
          - sizes->input_width - sizes->padding_width};
  dnnl_primitive_desc_t kernel = NULL;
  dnnl_status_t status;
#if DNNL_VERSION_MAJOR >= 3
  switch (direction) {
    case FLEDGE_DNN_FORWARD:
      status = dnnl_convolution_forward_primitive_desc_create(
          &kernel, dnn->engine, dnnl_forward_training, algorithm, images, filters, NULL, outputs, strides, dilations,
          before, after, attributes);
      break;
    case FLEDGE_DNN_INPUT_GRADIENT:
      status = dnnl_convolution_backward_data_primitive_desc_create(
          &kernel, dnn->engine, algorithm, images, filters, outputs, strides, dilations, before, after, hint, attributes);
      break;
    default:
      status = dnnl_convolution_backward_weights_primitive_desc_create(
          &kernel, dnn->engine, algorithm, images, filters, NULL, outputs, strides, dilations, before, after, hint,
          attributes);
  }
#else
  dnnl_convolution_desc_t convolution;
  switch (direction) {
    case FLEDGE_DNN_FORWARD:
      status = dnnl_dilated_convolution_forward_desc_init(
          &convolution, dnnl_forward_training, algorithm, images, filters, NULL, outputs, strides, dilations, before, after);
      break;
    case FLEDGE_DNN_INPUT_GRADIENT:
      status = dnnl_dilated_convolution_backward_data_desc_init(
          &convolution, algorithm, images, filters, outputs, strides, dilations, before, after);
      break;
    default:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
          &convolution, algorithm, images, filters, NULL, outputs, strides, dilations, before, after);
  }
  if (status != dnnl_success) return NULL;
  status = dnnl_primitive_desc_create(&kernel, &convolution, attributes, dnn->engine, hint);
#endif
  return status == dnnl_success ? kernel : NULL;
}

static dnnl_format_tag_t image_tag(int is_blocked) { return is_blocked ? dnnl_nChw16c : dnnl_nchw; }

/// Makes the kernel's primitive, and the one that reorders filters if they differ. 0 if something failed.
static int prepare(fledge_dnn_convolution *c, fledge_descriptor images, fledge_descriptor filters, fledge_descriptor outputs,
    const_dnnl_primitive_attr_t attributes) {
  const dnnl_query_t which = c->direction == FLEDGE_DNN_FILTER_GRADIENT ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
  const fledge_descriptor wanted = dnnl_primitive_desc_query_md(c->descriptor, which, 0);
  const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(c->descriptor, dnnl_query_scratchpad_md, 0);
  if (!wanted || dnnl_primitive_create(&c->primitive, c->descriptor) != dnnl_success) return 0;
  c->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  if (c->scratchpad_bytes && !(c->scratchpad = make_memory(c->dnn, scratchpad))) return 0;
  c->images = make_memory(c->dnn, images);
  c->outputs = make_memory(c->dnn, outputs);
  c->filters = make_memory(c->dnn, filters);
  if (!c->images || !c->outputs || !c->filters) return 0;
  if (dnnl_memory_desc_equal(wanted, filters)) return 1;

  c->filter_bytes = dnnl_memory_desc_get_size(wanted);
  c->kernel_filters = make_memory(c->dnn, wanted);
  const int is_gradient = c->direction == FLEDGE_DNN_FILTER_GRADIENT;
  dnnl_primitive_desc_t reorder =
      make_reorder(c->dnn->engine, is_gradient ? wanted : filters, is_gradient ? filters : wanted, attributes);
  if (!reorder) return 0;
  const fledge_descriptor pad = dnnl_primitive_desc_query_md(reorder, dnnl_query_scratchpad_md, 0);
  const size_t pad_bytes = pad ? dnnl_memory_desc_get_size(pad) : 0;
  if (pad_bytes) c->reorder_scratchpad = make_memory(c->dnn, pad);
  if (pad_bytes > c->scratchpad_bytes) c->scratchpad_bytes = pad_bytes;
  const dnnl_status_t status = dnnl_primitive_create(&c->reorder, reorder);
  dnnl_primitive_desc_destroy(reorder);
  return status == dnnl_success && c->kernel_filters != NULL;
}

fledge_dnn_convolution *fledge_dnn_convolution_create(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_algorithm algorithm, fledge_dnn_sizes sizes) {
  const dnnl_dims_t image_sizes = {sizes.batch, sizes.input_channels, sizes.input_height, sizes.input_width};
  const dnnl_dims_t output_sizes = {sizes.batch, sizes.output_channels, sizes.output_height, sizes.output_width};
  const dnnl_dims_t filter_sizes = {
      sizes.output_channels, sizes.input_channels, sizes.kernel_height, sizes.kernel_width};
  const dnnl_alg_kind_t kind =
      algorithm == FLEDGE_DNN_WINOGRAD ? dnnl_convolution_winograd : dnnl_convolution_direct;
  fledge_dnn_convolution *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->dnn = dnn;
  c->direction = direction;
  fledge_owned_descriptor images = {0}, outputs = {0}, filters = {0}, any = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  int is_ready = make_descriptor(&images, 4, image_sizes, image_tag(sizes.input_is_blocked))
      && make_descriptor(&outputs, 4, output_sizes, image_tag(sizes.output_is_blocked))
      && make_descriptor(&filters, 4, filter_sizes, dnnl_oihw)
      && make_descriptor(&any, 4, filter_sizes, dnnl_format_tag_any)
      && dnnl_primitive_attr_create(&attributes) == dnnl_success
      && dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success;
  if (is_ready && direction != FLEDGE_DNN_FORWARD) {
    hint = make_kernel(dnn, FLEDGE_DNN_FORWARD, kind, &sizes, FLEDGE_LEND(images), FLEDGE_LEND(any), FLEDGE_LEND(outputs),
        attributes, NULL);
    is_ready = hint != NULL;
  }
  if (is_ready) {
    c->descriptor = make_kernel(
        dnn, direction, kind, &sizes, FLEDGE_LEND(images), FLEDGE_LEND(any), FLEDGE_LEND(outputs), attributes, hint);
    is_ready = c->descriptor
        && prepare(c, FLEDGE_LEND(images), FLEDGE_LEND(filters), FLEDGE_LEND(outputs), attributes);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  release_descriptor(images);
  release_descriptor(outputs);
  release_descriptor(filters);
  release_descriptor(any);
  if (is_ready) return c;
  fledge_dnn_convolution_destroy(c);
  return NULL;
}

void fledge_dnn_convolution_destroy(fledge_dnn_convolution *c) {
  dnnl_memory_t memories[] = {
      c->images, c->filters, c->outputs, c->kernel_filters, c->scratchpad, c->reorder_scratchpad};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; ++i) {
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  }
  if (c->reorder) dnnl_primitive_destroy(c->reorder);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->descriptor) dnnl_primitive_desc_destroy(c->descriptor);
  free(c);
}

size_t fledge_dnn_convolution_scratch(const fledge_dnn_convolution *c) {
  return rounded(c->scratchpad_bytes) + rounded(c->filter_bytes);
}

const char *fledge_dnn_convolution_name(const fledge_dnn_convolution *c) {
  const char *name = NULL;
  const dnnl_status_t status = dnnl_primitive_desc_query(c->descriptor, dnnl_query_impl_info_str, 0, &name);
  return status == dnnl_success && name ? name : "unnamed";
}

/// Filters from the caller's form to the kernel's, or back.
static int reorder_filters(fledge_dnn_convolution *c, void *scratch) {
  const int is_gradient = c->direction == FLEDGE_DNN_FILTER_GRADIENT;
  dnnl_exec_arg_t arguments[3] = {
      {DNNL_ARG_FROM, is_gradient ? c->kernel_filters : c->filters},
      {DNNL_ARG_TO, is_gradient ? c->filters : c->kernel_filters}};
  if (!c->reorder_scratchpad) return execute(c->dnn, c->reorder, arguments, 2);
  dnnl_memory_set_data_handle(c->reorder_scratchpad, scratch);
  arguments[2] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, c->reorder_scratchpad};
  return execute(c->dnn, c->reorder, arguments, 3);
}

int fledge_dnn_convolution_run(
    fledge_dnn_convolution *c, const float *first, const float *second, float *result, void *scratch) {
  int arguments_of[3];
  void *images, *filters, *outputs;
  switch (c->direction) {
    case FLEDGE_DNN_FORWARD:
      images = (void *)first, filters = (void *)second, outputs = result;
      arguments_of[0] = DNNL_ARG_SRC, arguments_of[1] = DNNL_ARG_WEIGHTS, arguments_of[2] = DNNL_ARG_DST;
      break;
    case FLEDGE_DNN_INPUT_GRADIENT:
      outputs = (void *)first, filters = (void *)second, images = result;
      arguments_of[0] = DNNL_ARG_DIFF_SRC, arguments_of[1] = DNNL_ARG_WEIGHTS, arguments_of[2] = DNNL_ARG_DIFF_DST;
      break;
    default:
      outputs = (void *)first, images = (void *)second, filters = result;
      arguments_of[0] = DNNL_ARG_SRC, arguments_of[1] = DNNL_ARG_DIFF_WEIGHTS, arguments_of[2] = DNNL_ARG_DIFF_DST;
  }
  dnnl_memory_set_data_handle(c->images, images);
  dnnl_memory_set_data_handle(c->filters, filters);
  dnnl_memory_set_data_handle(c->outputs, outputs);
  if (c->scratchpad) dnnl_memory_set_data_handle(c->scratchpad, scratch);
  if (c->reorder) dnnl_memory_set_data_handle(c->kernel_filters, (char *)scratch + rounded(c->scratchpad_bytes));
  if (c->reorder && c->direction != FLEDGE_DNN_FILTER_GRADIENT && reorder_filters(c, scratch)) return 1;

  const dnnl_exec_arg_t arguments[4] = {
      {arguments_of[0], c->images},
      {arguments_of[1], c->reorder ? c->kernel_filters : c->filters},
      {arguments_of[2], c->outputs},
      {DNNL_ARG_SCRATCHPAD, c->scratchpad}};
  if (execute(c->dnn, c->primitive, arguments, c->scratchpad ? 4 : 3)) return 1;
  if (c->reorder && c->direction == FLEDGE_DNN_FILTER_GRADIENT && reorder_filters(c, scratch)) return 1;
  return dnnl_stream_wait(c->dnn->stream) == dnnl_success ? 0 : 1;
}
