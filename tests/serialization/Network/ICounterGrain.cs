using Orleans.Concurrency;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>A grain that is there, and one that can be kept from answering.</summary>
[Alias("OrleansCache.Tests.ICounterGrain")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Adds one.</summary>
    [Alias("Add")]
    Task<int> Add();

    /// <summary>Answers when the grain is released.</summary>
    [Alias("Wait")]
    Task Wait();

    /// <summary>Lets <see cref="Wait"/> go on.</summary>
    [AlwaysInterleave, Alias("Release")]
    Task Release();

    /// <summary>Takes something that is not copied on its way.</summary>
    [ResponseTimeout("00:00:00.1"), Alias("Take")]
    Task Take(Burden burden);
}
