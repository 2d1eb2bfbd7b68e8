#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "Operand.h"

struct fledge_dnn_convolution {
  fledge_dnn *dnn;
  fledge_dnn_direction direction;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  fledge_operand images, filters, outputs;
  dnnl_memory_t scratchpad;
  size_t scratchpad_bytes;
};

/// Images, filters and outputs as descriptors.
typedef struct {
  fledge_owned_descriptor images, filters, outputs;
} fledge_forms;

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

/// 0 if something failed; what was made is in `forms` all the same.
static int describe(
    fledge_forms *forms, const fledge_dnn_sizes *sizes, dnnl_data_type_t images, dnnl_data_type_t filters,
    dnnl_data_type_t outputs, int are_filters_plain) {
  const dnnl_dims_t image_sizes = {sizes->batch, sizes->input_channels, sizes->input_height, sizes->input_width};
  const dnnl_dims_t output_sizes = {sizes->batch, sizes->output_channels, sizes->output_height, sizes->output_width};
  // The caller's filters are grouped ones in memory too; without groups oneDNN knows kernels for four axes alone.
  const int is_grouped = sizes->groups > 1;
  const dnnl_dims_t filter_sizes = {
      sizes->groups, sizes->output_channels / sizes->groups, sizes->input_channels / sizes->groups,
      sizes->kernel_height, sizes->kernel_width};
  const dnnl_format_tag_t plain_tag = is_grouped ? dnnl_goihw : dnnl_oihw;
  return make_descriptor(&forms->images, 4, image_sizes, images, image_tag(sizes->input_is_blocked))
      && make_descriptor(&forms->outputs, 4, output_sizes, outputs, image_tag(sizes->output_is_blocked))
      && make_descriptor(&forms->filters, is_grouped ? 5 : 4, is_grouped ? filter_sizes : filter_sizes + 1, filters,
          are_filters_plain ? plain_tag : dnnl_format_tag_any);
}

static void release_forms(fledge_forms forms) {
  release_descriptor(forms.images);
  release_descriptor(forms.outputs);
  release_descriptor(forms.filters);
}

/// Makes the kernel's primitive and its operands. 0 if something failed.
static int prepare(fledge_dnn_convolution *c, const fledge_forms *given, const fledge_forms *computed,
    const_dnnl_primitive_attr_t attributes) {
  const int is_gradient = c->direction == FLEDGE_DNN_FILTER_GRADIENT;
  const fledge_descriptor filters = dnnl_primitive_desc_query_md(
      c->descriptor, is_gradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(c->descriptor, dnnl_query_scratchpad_md, 0);
  if (!filters || dnnl_primitive_create(&c->primitive, c->descriptor) != dnnl_success) return 0;
  c->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  if (c->scratchpad_bytes && !(c->scratchpad = make_memory(c->dnn, scratchpad))) return 0;
  return fledge_operand_make(&c->images, c->dnn, FLEDGE_LEND(given->images), FLEDGE_LEND(computed->images),
             c->direction == FLEDGE_DNN_INPUT_GRADIENT, attributes)
      && fledge_operand_make(&c->outputs, c->dnn, FLEDGE_LEND(given->outputs), FLEDGE_LEND(computed->outputs),
          c->direction == FLEDGE_DNN_FORWARD, attributes)
      && fledge_operand_make(&c->filters, c->dnn, FLEDGE_LEND(given->filters), filters, is_gradient, attributes);
}

/// The kernel alone, with operands as the caller has them and as the kernel wants them. 0 if there is none; what was made
/// is there all the same.
static int find_kernel(
    fledge_dnn_convolution *c, fledge_dnn_algorithm algorithm, fledge_dnn_type type, const fledge_dnn_sizes *sizes,
    fledge_forms *given, fledge_forms *computed, const_dnnl_primitive_attr_t attributes) {
  const dnnl_alg_kind_t kind =
      algorithm == FLEDGE_DNN_WINOGRAD ? dnnl_convolution_winograd : dnnl_convolution_direct;
  const dnnl_data_type_t images = data_type(sizes->input_type), outputs = data_type(sizes->output_type);
  const dnnl_data_type_t factors = data_type(type);
  // A bfloat16 kernel sums in float32, and can leave its result so; its factors are bfloat16.
  const int is_narrow = type == FLEDGE_DNN_BFLOAT16;
  fledge_forms hinted = {0};
  dnnl_primitive_desc_t hint = NULL;
  int is_ready = describe(given, sizes, images, dnnl_f32, outputs, 1)
      && describe(&hinted, sizes, factors, factors, factors, 0)
      && describe(computed, sizes, is_narrow && c->direction == FLEDGE_DNN_INPUT_GRADIENT ? images : factors,
          c->direction == FLEDGE_DNN_FILTER_GRADIENT ? dnnl_f32 : factors,
          is_narrow && c->direction == FLEDGE_DNN_FORWARD ? outputs : factors, 0);
  if (is_ready && c->direction != FLEDGE_DNN_FORWARD) {
    hint = make_kernel(c->dnn, FLEDGE_DNN_FORWARD, kind, sizes, FLEDGE_LEND(hinted.images),
        FLEDGE_LEND(hinted.filters), FLEDGE_LEND(hinted.outputs), attributes, NULL);
    is_ready = hint != NULL;
  }
  if (is_ready) {
    c->descriptor = make_kernel(c->dnn, c->direction, kind, sizes, FLEDGE_LEND(computed->images),
        FLEDGE_LEND(computed->filters), FLEDGE_LEND(computed->outputs), attributes, hint);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  release_forms(hinted);
  // oneDNN's reference is hundreds of times slower than a product of matrices.
  return c->descriptor && strncmp(fledge_dnn_convolution_name(c), "ref", 3) != 0;
}

/// Finds the kernel, and makes it if so asked. NULL if there is none.
static fledge_dnn_convolution *find(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_algorithm algorithm, fledge_dnn_type type,
    const fledge_dnn_sizes *sizes, int is_made) {
  fledge_dnn_convolution *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->dnn = dnn;
  c->direction = direction;
  fledge_forms given = {0}, computed = {0};
  dnnl_primitive_attr_t attributes = NULL;
  const int is_ready = dnnl_primitive_attr_create(&attributes) == dnnl_success
      && dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success
      && find_kernel(c, algorithm, type, sizes, &given, &computed, attributes)
      && (!is_made || prepare(c, &given, &computed, attributes));
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  release_forms(given);
  release_forms(computed);
  if (is_ready) return c;
  fledge_dnn_convolution_destroy(c);
  return NULL;
}

fledge_dnn_convolution *fledge_dnn_convolution_create(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_algorithm algorithm, fledge_dnn_type type,
    fledge_dnn_sizes sizes) {
  return find(dnn, direction, algorithm, type, &sizes, 1);
}

int fledge_dnn_convolution_exists(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_algorithm algorithm, fledge_dnn_type type,
    fledge_dnn_sizes sizes) {
  fledge_dnn_convolution *c = find(dnn, direction, algorithm, type, &sizes, 0);
  if (c) fledge_dnn_convolution_destroy(c);
  return c != NULL;
}

void fledge_dnn_convolution_destroy(fledge_dnn_convolution *c) {
  fledge_operand_release(&c->images);
  fledge_operand_release(&c->filters);
  fledge_operand_release(&c->outputs);
  if (c->scratchpad) dnnl_memory_destroy(c->scratchpad);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->descriptor) dnnl_primitive_desc_destroy(c->descriptor);
  free(c);
}

size_t fledge_dnn_convolution_scratch(const fledge_dnn_convolution *c) {
  return rounded(c->scratchpad_bytes) + fledge_operand_scratch(&c->images) + fledge_operand_scratch(&c->filters)
      + fledge_operand_scratch(&c->outputs);
}

const char *fledge_dnn_convolution_name(const fledge_dnn_convolution *c) {
  const char *name = NULL;
  const dnnl_status_t status = dnnl_primitive_desc_query(c->descriptor, dnnl_query_impl_info_str, 0, &name);
  return status == dnnl_success && name ? name : "unnamed";
}

int fledge_dnn_convolution_run(
    fledge_dnn_convolution *c, const void *first, const void *second, void *result, void *scratch) {
  fledge_operand *operands[3];
  int names[3];
  switch (c->direction) {
    case FLEDGE_DNN_FORWARD:
      operands[0] = &c->images, operands[1] = &c->filters, operands[2] = &c->outputs;
      names[0] = DNNL_ARG_SRC, names[1] = DNNL_ARG_WEIGHTS, names[2] = DNNL_ARG_DST;
      break;
    case FLEDGE_DNN_INPUT_GRADIENT:
      operands[0] = &c->outputs, operands[1] = &c->filters, operands[2] = &c->images;
      names[0] = DNNL_ARG_DIFF_DST, names[1] = DNNL_ARG_WEIGHTS, names[2] = DNNL_ARG_DIFF_SRC;
      break;
    default:
      operands[0] = &c->outputs, operands[1] = &c->images, operands[2] = &c->filters;
      names[0] = DNNL_ARG_DIFF_DST, names[1] = DNNL_ARG_SRC, names[2] = DNNL_ARG_DIFF_WEIGHTS;
  }
  return fledge_run_kernel(
      c->dnn, c->primitive, c->scratchpad, c->scratchpad_bytes, operands, names, first, second, result, scratch);
}
