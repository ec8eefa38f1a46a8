namespace OrleansCache.Http;

/// <summary>A request that is answered with an error of its own, not with that of an exception of the cache.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="type">The last part of the problem's type, such as <c>invalid-condition</c>.</param>
/// <param name="message">What was wrong, with which value, and what to do.</param>
/// <param name="cause">The error that caused it, if any.</param>
internal sealed class RequestException(int status, string type, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The status of the answer.</summary>
    public int Status { get; } = status;

    /// <summary>The last part of the problem's type.</summary>
    public string Type { get; } = type;

    /// <summary>The id with which the edit can be repeated; null when this is about none.</summary>
    public Guid? EditId { get; init; }

    /// <summary>The version that the book has now; null when this is about none.</summary>
    public CurrentVersion? Current { get; init; }
}
