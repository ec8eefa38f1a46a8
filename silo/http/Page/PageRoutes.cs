using Microsoft.AspNetCore.Builder;

namespace OrleansCache.Http;

/// <summary>The page at <c>/</c> and its files.</summary>
internal static class PageRoutes
{
    public static void Map(WebApplication app)
    {
    }
}
