namespace OrleansCache.Engine.Tests.Filters;

/// <summary>The filters of each host, in the order in which they are added: one by its type, one as an object, one as a delegate.</summary>
public static class FilterNames
{
    /// <summary>Those of arriving calls.</summary>
    public static readonly string[] Incoming = ["incoming type", "incoming object", "incoming delegate"];

    /// <summary>Those of calls that are made.</summary>
    public static readonly string[] Outgoing = ["outgoing type", "outgoing object", "outgoing delegate"];
}
