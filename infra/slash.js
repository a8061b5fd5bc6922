// Runs at the content network before a function is asked: the API Gateway has a route for /hsds and none for /hsds/, which
// is how everybody writes it.
function handler(event) {
  var request = event.request;
  if (request.uri.length > 1) {
    request.uri = request.uri.replace(/\/+$/, '');
  }
  return request;
}
