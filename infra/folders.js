// Runs at the content network before the bucket is asked: a folder's address gives its index.html, and an address
// without the slash at its end is sent to the one with it. The bucket knows neither.
function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (last === '') {
    request.uri += 'index.html';
    return request;
  }
  if (last.indexOf('.') >= 0) {
    return request;
  }
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    // One slash at the front: two would lead to another host.
    headers: { location: { value: '/' + request.uri.replace(/^\/+/, '') + '/' } }
  };
}
