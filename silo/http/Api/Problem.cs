namespace OrleansCache.Http;

/// <summary>An error as it is answered (RFC 9457).</summary>
/// <param name="Type">A URI that names the kind of error and never changes: <c>urn:orleanscache:problem:invalid-key</c>.</param>
/// <param name="Title">The kind of error in words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What was wrong, with which value, and what to do.</param>
/// <param name="EditId">The id with which an edit of unknown outcome can be repeated safely, in the header Idempotency-Key.</param>
/// <param name="Current">The version that the last edit of the book has made, when a condition did not hold.</param>
internal sealed record Problem(
    string Type, string Title, int Status, string Detail, Guid? EditId = null, CurrentVersion? Current = null);

/// <summary>The version that the last edit of a book has made.</summary>
internal sealed record CurrentVersion(long Version, Guid Tag);
