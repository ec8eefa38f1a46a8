using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace OrleansCache.Http;

/// <summary>The routes below <c>/v1</c>.</summary>
internal static class ApiRoutes
{
    private const string Book = "/v1/books/{key}";
    private const string Node = "/v1/regions/{region}/nodes/{node}";

    public static void AddServices(WebApplicationBuilder builder, HttpOptions options)
    {
        // For the schemas of the OpenAPI document alone; the endpoints use the serializer themselves.
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Written);
            json.SerializerOptions.NumberHandling = default;
            json.SerializerOptions.Converters.Add(ApiJson.Tiers);
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        Description.AddDocument(builder.Services);
        builder.Services.AddSingleton<LookupQuery>();
        builder.Services.AddSingleton<BookForms>();
        builder.Services.AddSingleton<RegionAnswers>();
        builder.Services.AddSingleton<BookEndpoints>();
        builder.Services.AddSingleton<ManyBooksEndpoints>();
        builder.Services.AddSingleton<RegionEndpoints>();
        builder.Services.AddSingleton<OperatorEndpoints>();
    }

    public static void Map(WebApplication app)
    {
        MapBooks(app, app.Services.GetRequiredService<BookEndpoints>());
        MapMany(app, app.Services.GetRequiredService<ManyBooksEndpoints>());
        MapRegions(app, app.Services.GetRequiredService<RegionEndpoints>());
        MapOperators(app, app.Services.GetRequiredService<OperatorEndpoints>());
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Access.Read);
    }

    private static void MapBooks(WebApplication app, BookEndpoints books)
    {
        foreach (var method in (string[])["GET", "HEAD"])
        {
            app.MapMethods(Book, [method], books.GetAsync)
                .Describe(method is "GET" ? "getBook" : "headBook", "Looks a book up", "books").For(Access.Read).In(LoadGroup.Lookups)
                .Path("key", "The key, such as book::1984, percent-encoded.")
                .Query("region", "The region of the reader; that of the silo by default.")
                .Query("atLeast", "The lowest version that is wanted; an older entry is not used.", JsonSchemaType.Integer)
                .Header("If-None-Match", "The ETags that the caller has; 304 when the book has one of them.")
                .Header("Cache-Control", "no-cache: read the catalog. max-stale=0: no answer that may be stale, rather 504.")
                .Answers<BookDocument>(200, "The book. ETag, Age, Cache-Status and X-OrleansCache-* say which version, and from where.")
                .Answers(304, "The caller has this version.")
                .Fails(400, 401, 403, 404, 503, 504);
        }

        app.MapPut(Book, books.PutAsync)
            .Describe("putBook", "Writes a whole book; every lookup that starts after the answer sees it", "books")
            .For(Access.Edit).In(LoadGroup.Edits)
            .Path("key", "The key, such as book::1984, percent-encoded.")
            .Header("If-Match", "The ETag of the version that the edit is based on; 412 when the book has another one.")
            .Header("If-None-Match", "*: only if there is no such book; otherwise 412.")
            .Header("Idempotency-Key", "A UUID. To repeat an edit of unknown outcome, give the same one.")
            .Takes<BookDocument>()
            .Answers<EditDocument>(200, "The book was replaced, or had this content already.")
            .Answers<EditDocument>(201, "The book is new.")
            .Fails(400, 401, 403, 412, 413, 415, 503, 504);
        app.MapDelete(Book, books.DeleteAsync)
            .Describe("deleteBook", "Removes a book", "books").For(Access.Edit).In(LoadGroup.Edits)
            .Path("key", "The key, such as book::1984, percent-encoded.")
            .Header("If-Match", "The ETag of the version that is removed; 412 when the book has another one.")
            .Header("Idempotency-Key", "A UUID. To repeat a removal of unknown outcome, give the same one.")
            .Answers<EditDocument>(200, "The book was removed.")
            .Fails(400, 401, 403, 404, 412, 503, 504);
    }

    private static void MapMany(WebApplication app, ManyBooksEndpoints books)
    {
        app.MapGet("/v1/books", books.GetAsync)
            .Describe("getBooks", "Looks many books up", "books").For(Access.Read).In(LoadGroup.Lookups)
            .Query("keys", "The keys with commas between them; may be given several times, up to 1,000 keys in all.")
            .Query("region", "The region of the reader; that of the silo by default.")
            .Answers<LookupDocument[]>(200, "One answer for each key, in their order.")
            .Fails(400, 401, 403, 404, 503, 504);
        app.MapPost("/v1/books", books.PostAsync)
            .Describe("lookUpBooks", "Looks many books up, whatever their keys are", "books").For(Access.Read).In(LoadGroup.Lookups)
            .Query("region", "The region of the reader; that of the silo by default.")
            .Takes<KeysDocument>()
            .Answers<LookupDocument[]>(200, "One answer for each key, in their order.")
            .Fails(400, 401, 403, 404, 413, 415, 503, 504);
    }

    private static void MapRegions(WebApplication app, RegionEndpoints regions)
    {
        app.MapGet("/v1/regions", regions.RegionsAsync)
            .Describe("getRegions", "The regions, their silos and how far they are", "cluster").For(Access.Read).In(LoadGroup.Operations)
            .Answers<RegionsDocument>(200, "All regions; one that does not answer has a problem.")
            .Fails(401, 403, 503);
        app.MapGet("/v1/regions/{region}/ring", regions.RingAsync)
            .Describe("getRing", "The nodes of a region with their shares of the keys", "cluster")
            .For(Access.Read).In(LoadGroup.Operations)
            .Path("region", "The region.")
            .Query("key", "A key; the answer says which node it belongs to.")
            .Answers<RingDocument>(200, "The ring.")
            .Fails(400, 401, 403, 404, 503);
        app.MapGet("/v1/stats", regions.StatsAsync)
            .Describe("getStats", "What every silo holds and has counted since it started", "cluster")
            .For(Access.Read).In(LoadGroup.Operations)
            .Answers<StatsDocument>(200, "The silos; regions that do not answer are named.")
            .Fails(401, 403, 503);
        app.MapGet("/v1/keys/{key}/copies", regions.CopiesAsync)
            .Describe("getCopies", "What the catalog holds of a book, and which silos and nodes hold it; loads nothing", "cluster")
            .For(Access.Read).In(LoadGroup.Operations)
            .Path("key", "The key, such as book::1984, percent-encoded.")
            .Answers<CopiesDocument>(200, "The copies; a region that does not answer has a problem.")
            .Fails(400, 401, 403, 503);
    }

    private static void MapOperators(WebApplication app, OperatorEndpoints operators)
    {
        app.MapPost("/v1/regions/{region}/nodes", operators.AddNodeAsync)
            .Describe("addNode", "Adds a node to a region; only the keys that it gets move", "operate")
            .For(Access.Operate).In(LoadGroup.Operations)
            .Path("region", "The region.")
            .Takes<NewNodeDocument>()
            .Answers<RingDocument>(201, "The ring after the change.")
            .Fails(400, 401, 403, 404, 409, 413, 415, 503);
        app.MapPatch(Node, operators.WeighNodeAsync)
            .Describe("weighNode", "Changes the weight of a node", "operate").For(Access.Operate).In(LoadGroup.Operations)
            .Path("region", "The region.").Path("node", "The node.")
            .Takes<WeightDocument>()
            .Answers<RingDocument>(200, "The ring after the change.")
            .Fails(400, 401, 403, 404, 413, 415, 503);
        app.MapDelete(Node, operators.RemoveNodeAsync)
            .Describe("removeNode", "Removes a node; only its keys move", "operate").For(Access.Operate).In(LoadGroup.Operations)
            .Path("region", "The region.").Path("node", "The node.")
            .Answers<RingDocument>(200, "The ring after the change.")
            .Fails(400, 401, 403, 404, 503);
        app.MapPost("/v1/regions/{region}/purge", operators.PurgeAsync)
            .Describe("purge", "Drops cached entries of a region; the catalog keeps the books", "operate")
            .For(Access.Operate).In(LoadGroup.Operations)
            .Path("region", "The region.")
            .Takes<PurgeRequestDocument>()
            .Answers<PurgeDocument>(200, "What has dropped them, and what did not answer.")
            .Fails(400, 401, 403, 404, 413, 415, 503);
    }
}
