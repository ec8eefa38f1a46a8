namespace OrleansCache.Client;

/// <summary>What silos tell this client.</summary>
/// <param name="revoke">Ends the use of copies at once.</param>
internal sealed class NearObserver(Action<string[]> revoke) : INearObserver
{
    public Task RevokeAsync(string[] books)
    {
        revoke(books);
        return Task.CompletedTask;
    }
}
