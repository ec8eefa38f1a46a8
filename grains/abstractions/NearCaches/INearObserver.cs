namespace OrleansCache;

/// <summary>A client's near cache, as the silos see it whose copies it holds under leases.</summary>
[Alias("OrleansCache.INearObserver")]
public interface INearObserver : IGrainObserver
{
    /// <summary>Ends the use of copies. The answer says that none of them is used any more, so it must not come before that is true; it only touches memory.</summary>
    [Alias("Revoke")]
    Task RevokeAsync(string[] books);
}
