#include <string.h>

#include "COneDNN.h"
#include "Kernel.h"

// oneDNN gives a kernel for a description of its operands, and may want them in another form than they lie in. So there
// are two sets of descriptions: `given`, of what the caller has, and `computed`, of what the kernel wants. Where they
// differ, the kernel gets a reorder that copies the operand from one form to the other.
//
// Example: images [2, 3, 8, 8], filters [16, 3, 3, 3], outputs [2, 16, 6, 6], all plain. `given` says so. `computed`
// leaves the forms to oneDNN, which on AVX-512 chooses plain images, filters in blocks of 16 outputs and outputs in
// blocks of 16 channels. A run then copies the filters into their form, computes the outputs in blocks, and copies
// these back into the caller's plain form. Had the caller said that its outputs are in blocks, the last copy would not
// be needed.

/// For each direction, which of a kernel's three operands (two it reads, the third it writes) are the images, the
/// filters and the outputs. `names` are oneDNN's words for the three when a kernel runs, `forms` those to ask in which
/// form it wants them.
static const struct {
  int images, filters, outputs;
  int names[3];
  dnnl_query_t forms[3];
} roles[] = {
    [FLEDGE_DNN_FORWARD] =
        {0, 1, 2, {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
            {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md}},
    [FLEDGE_DNN_INPUT_GRADIENT] =
        {2, 1, 0, {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC},
            {dnnl_query_diff_dst_md, dnnl_query_weights_md, dnnl_query_diff_src_md}},
    [FLEDGE_DNN_FILTER_GRADIENT] =
        {1, 2, 0, {DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS},
            {dnnl_query_diff_dst_md, dnnl_query_src_md, dnnl_query_diff_weights_md}},
};

/// One set of descriptions, `given` or `computed`.
typedef struct {
  fledge_owned_descriptor images, filters, outputs, bias, addend;
} fledge_forms;

/// The description of the bias, and of the addend, for a kernel that has one; NULL for a kernel without.
static fledge_descriptor lent_bias(const fledge_forms *forms, const fledge_dnn_sizes *sizes) {
  return sizes->epilogue.has_bias ? FLEDGE_LEND(forms->bias) : NULL;
}

static fledge_descriptor lent_addend(const fledge_forms *forms, const fledge_dnn_sizes *sizes) {
  return sizes->epilogue.has_addend ? FLEDGE_LEND(forms->addend) : NULL;
}

/// The kernel for operands as `forms` describes them; NULL if there is none. For a gradient, oneDNN wants the forward
/// kernel of the same convolution as `hint`; for the forward kernel it is NULL.
static dnnl_primitive_desc_t make_kernel(
    fledge_dnn *dnn, fledge_dnn_direction direction, const fledge_dnn_sizes *sizes, const fledge_forms *forms,
    const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t hint) {
  const fledge_descriptor images = FLEDGE_LEND(forms->images), filters = FLEDGE_LEND(forms->filters);
  const fledge_descriptor outputs = FLEDGE_LEND(forms->outputs), bias = lent_bias(forms, sizes);
  const dnnl_dims_t strides = {sizes->stride_height, sizes->stride_width};
  const dnnl_dims_t dilations = {sizes->dilation_height - 1, sizes->dilation_width - 1};
  const dnnl_dims_t before = {sizes->padding_height, sizes->padding_width};
  // Padding below and to the right is what lets the last window end where the image does. It is negative where the
  // windows leave some rows over: of 8 rows, windows of 3 at stride 2 cover 2 · 2 + 3 = 7, so padding is −1.
  const dnnl_dims_t after = {
      (sizes->output_height - 1) * sizes->stride_height + (sizes->kernel_height - 1) * sizes->dilation_height + 1
          - sizes->input_height - sizes->padding_height,
      (sizes->output_width - 1) * sizes->stride_width + (sizes->kernel_width - 1) * sizes->dilation_width + 1
          - sizes->input_width - sizes->padding_width};
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
  dnnl_primitive_desc_t kernel = NULL;
  dnnl_status_t status;
#if DNNL_VERSION_MAJOR >= 3
  switch (direction) {
    case FLEDGE_DNN_FORWARD:
      status = dnnl_convolution_forward_primitive_desc_create(
          &kernel, dnn->engine, dnnl_forward_training, algorithm, images, filters, bias, outputs, strides, dilations,
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
          &convolution, dnnl_forward_training, algorithm, images, filters, bias, outputs, strides, dilations, before, after);
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

/// The form of images or outputs. As given: blocks or plain. As computed: the same if the inputs or the outputs are in
/// blocks, so that nothing large is copied; if both are plain, the form that oneDNN likes best.
static dnnl_format_tag_t image_tag(const fledge_dnn_sizes *sizes, int is_blocked, int is_given) {
  if (is_given || sizes->input_is_blocked || sizes->output_is_blocked) return is_blocked ? dnnl_nChw16c : dnnl_nchw;
  return dnnl_format_tag_any;
}

/// Fills in one set of descriptions for operands of three types. 0 if something failed; the caller releases `forms`
/// either way.
static int describe(
    fledge_forms *forms, const fledge_dnn_sizes *sizes, dnnl_data_type_t images, dnnl_data_type_t filters,
    dnnl_data_type_t outputs, int is_given) {
  const dnnl_dims_t image_sizes = {sizes->batch, sizes->input_channels, sizes->input_height, sizes->input_width};
  const dnnl_dims_t output_sizes = {sizes->batch, sizes->output_channels, sizes->output_height, sizes->output_width};
  // [outputs, inputs / groups, …] and [groups, outputs / groups, inputs / groups, …] are the same bytes. oneDNN wants
  // the second for several groups, and has no kernels for it with one group.
  const int is_grouped = sizes->groups > 1;
  const dnnl_dims_t filter_sizes = {
      sizes->groups, sizes->output_channels / sizes->groups, sizes->input_channels / sizes->groups,
      sizes->kernel_height, sizes->kernel_width};
  const dnnl_dims_t bias_sizes = {sizes->output_channels};
  const dnnl_format_tag_t plain_tag = is_grouped ? dnnl_goihw : dnnl_oihw;
  const dnnl_format_tag_t image_form = image_tag(sizes, sizes->input_is_blocked, is_given);
  const dnnl_format_tag_t output_form = image_tag(sizes, sizes->output_is_blocked, is_given);
  return make_descriptor(&forms->images, 4, image_sizes, images, image_form)
      && make_descriptor(&forms->outputs, 4, output_sizes, outputs, output_form)
      && make_descriptor(&forms->addend, 4, output_sizes, data_type(sizes->epilogue.addend_type), output_form)
      && make_descriptor(&forms->bias, 1, bias_sizes, dnnl_f32, dnnl_a)
      && make_descriptor(&forms->filters, is_grouped ? 5 : 4, is_grouped ? filter_sizes : filter_sizes + 1, filters,
          is_given ? plain_tag : dnnl_format_tag_any);
}

static void release_forms(fledge_forms forms) {
  release_descriptor(forms.images);
  release_descriptor(forms.outputs);
  release_descriptor(forms.filters);
  release_descriptor(forms.bias);
  release_descriptor(forms.addend);
}

/// Makes the kernel's primitive and its operands. 0 if something failed.
static int prepare(
    fledge_dnn_kernel *kernel, fledge_dnn_direction direction, const fledge_dnn_sizes *sizes, const fledge_forms *given,
    const fledge_forms *computed, const_dnnl_primitive_attr_t reorders) {
  if (!fledge_kernel_make_primitive(kernel, lent_bias(computed, sizes), lent_addend(given, sizes))) return 0;
  fledge_descriptor given_forms[3];
  given_forms[roles[direction].images] = FLEDGE_LEND(given->images);
  given_forms[roles[direction].filters] = FLEDGE_LEND(given->filters);
  given_forms[roles[direction].outputs] = FLEDGE_LEND(given->outputs);
  memcpy(kernel->names, roles[direction].names, sizeof kernel->names);
  for (int i = 0; i < 3; ++i) {
    const fledge_descriptor wanted = dnnl_primitive_desc_query_md(kernel->descriptor, roles[direction].forms[i], 0);
    if (!wanted
        || !fledge_operand_make(&kernel->operands[i], kernel->dnn, given_forms[i], wanted, i == FLEDGE_RESULT, reorders)) {
      return 0;
    }
  }
  return 1;
}

/// Finds the kernel, and in `computed` the descriptions that it was found for. 0 if there is none; the caller releases
/// what was made either way.
static int find_kernel(
    fledge_dnn_kernel *kernel, fledge_dnn_direction direction, fledge_dnn_type type, const fledge_dnn_sizes *sizes,
    fledge_forms *computed, const_dnnl_primitive_attr_t attributes) {
  const dnnl_data_type_t images = data_type(sizes->input_type), outputs = data_type(sizes->output_type);
  const dnnl_data_type_t factors = data_type(type);
  // The two factors have the kernel's type. A bfloat16 kernel sums in float32, so its result may be of either type: the
  // caller's, except that gradients of filters always stay float32.
  const int is_narrow = type == FLEDGE_DNN_BFLOAT16;
  fledge_forms hinted = {0};
  dnnl_primitive_desc_t hint = NULL;
  int is_ready = describe(&hinted, sizes, factors, factors, factors, 0)
      && describe(computed, sizes, is_narrow && direction == FLEDGE_DNN_INPUT_GRADIENT ? images : factors,
          direction == FLEDGE_DNN_FILTER_GRADIENT ? dnnl_f32 : factors,
          is_narrow && direction == FLEDGE_DNN_FORWARD ? outputs : factors, 0);
  if (is_ready && direction != FLEDGE_DNN_FORWARD) {
    hint = make_kernel(kernel->dnn, FLEDGE_DNN_FORWARD, sizes, &hinted, attributes, NULL);
    is_ready = hint != NULL;
  }
  if (is_ready) {
    kernel->descriptor = make_kernel(kernel->dnn, direction, sizes, computed, attributes, hint);
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  release_forms(hinted);
  // A kernel named "ref:any" is oneDNN's plain loop, hundreds of times slower than a product of matrices: it counts as
  // none.
  return kernel->descriptor && strncmp(fledge_dnn_kernel_name(kernel), "ref", 3) != 0;
}

/// Finds the kernel; with `is_made` also makes its primitive and reorders, ready to run. NULL if there is none.
static fledge_dnn_kernel *find(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_type type, const fledge_dnn_sizes *sizes, int is_made) {
  fledge_dnn_kernel *kernel = fledge_kernel_allocate(dnn);
  if (!kernel) return NULL;
  fledge_forms given = {0}, computed = {0};
  const int is_described =
      describe(&given, sizes, data_type(sizes->input_type), dnnl_f32, data_type(sizes->output_type), 1);
  dnnl_primitive_attr_t attributes = fledge_kernel_attributes(lent_addend(&given, sizes));
  dnnl_primitive_attr_t reorders = fledge_kernel_attributes(NULL);
  const int is_ready = is_described && attributes && reorders
      && find_kernel(kernel, direction, type, sizes, &computed, attributes)
      && (!is_made || prepare(kernel, direction, sizes, &given, &computed, reorders));
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (reorders) dnnl_primitive_attr_destroy(reorders);
  release_forms(given);
  release_forms(computed);
  if (is_ready) return kernel;
  fledge_dnn_kernel_destroy(kernel);
  return NULL;
}

fledge_dnn_kernel *fledge_dnn_convolution_create(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_type type, fledge_dnn_sizes sizes) {
  return find(dnn, direction, type, &sizes, 1);
}

int fledge_dnn_convolution_exists(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_type type, fledge_dnn_sizes sizes) {
  fledge_dnn_kernel *kernel = find(dnn, direction, type, &sizes, 0);
  if (kernel) fledge_dnn_kernel_destroy(kernel);
  return kernel != NULL;
}
