namespace OrleansCache.Model;

/// <summary>A test that takes about a minute, and is run when longer tests are asked for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("ORLEANSCACHE_HISTORY_SECONDS") is null)
            Skip = "It takes a minute; ./test --long runs it.";
    }
}
