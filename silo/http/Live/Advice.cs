namespace OrleansCache.Http;

/// <summary>The result of a check.</summary>
/// <param name="Id">Which check, and of what: the same as long as it is about the same thing.</param>
/// <param name="State">How bad it is.</param>
/// <param name="Title">What is so, in a few words.</param>
/// <param name="Reason">How it is known, and what it means.</param>
/// <param name="WhatToDo">What to do; empty when there is nothing to do.</param>
internal sealed record Advice(string Id, AdviceState State, string Title, string Reason, string WhatToDo = "");

/// <summary>How bad something is.</summary>
internal enum AdviceState
{
    /// <summary>Nothing is wrong.</summary>
    Ok,

    /// <summary>Something to know that is no fault.</summary>
    Info,

    /// <summary>Something works less well than it should, or may soon.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Problem,
}
